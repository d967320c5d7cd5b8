"""Generic ephemeral volumes: a claim that is made with its pod and goes with it."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from tests.clusters.controllers.storage import claim, storageclass
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import messages


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1).apply(storageclass("fast"))


def scratch() -> Body:
    template = {"metadata": {"labels": {"type": "scratch"}}, "spec": claim("", storageClassName="fast")["spec"]}
    volumes = [{"name": "scratch", "ephemeral": {"volumeClaimTemplate": template}}]
    return pod("app", spec={"volumes": volumes, "terminationGracePeriodSeconds": 0})


def test_a_pod_gets_a_claim_of_its_own_and_runs(sim: Sim) -> None:
    sim.apply(scratch()).settle()

    made = sim.get("persistentvolumeclaims", "app-scratch")
    assert made["metadata"]["labels"] == {"type": "scratch"}
    assert made["status"]["phase"] == "Bound"
    assert len(sim.running("app")) == 1


def test_the_claim_goes_with_its_pod(sim: Sim) -> None:
    sim.apply(scratch()).settle()

    sim.delete("pods", "app").settle()

    assert sim.list("persistentvolumeclaims") == []
    assert sim.list("persistentvolumes") == []


def test_a_claim_of_the_same_name_that_is_not_the_pods_is_not_used(sim: Sim) -> None:
    sim.apply(claim("app-scratch", storageClassName="fast"), scratch()).settle()

    told = "ephemeral volume scratch: PVC default/app-scratch was not created for pod default/app (pod is not owner)"
    assert messages(sim, "FailedBinding", "app") == [told]
