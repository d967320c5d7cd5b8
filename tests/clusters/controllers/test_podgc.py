"""Pods whose node is gone do not wait for a kubelet that will never come."""

from __future__ import annotations

import pytest

from clusters.admission.apply import DELETED
from clusters.kinds.body import dig
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, pod

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def test_pods_of_a_deleted_node_go_and_are_replaced(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).run(50)

    sim.delete("nodes", "worker-1").settle()

    assert [dig(one, "spec.nodeName") for one in sim.pods("web")] == ["worker-2", "worker-2"]
    gone = sim.log.last("pods", DELETED)
    assert gone.actor == "pod-garbage-collector-controller"
    found = condition_of(gone.change.new, "DisruptionTarget")
    assert found is not None
    assert (found["reason"], found["message"]) == ("DeletionByPodGC", "PodGC: node no longer exists")
    assert gone.change.new["status"]["phase"] == "Failed"


def test_a_pod_for_a_node_that_never_was_goes_after_a_while(sim: Sim) -> None:
    sim.apply(pod("lost", PAUSE, spec={"nodeName": "nowhere"})).run(35)
    assert sim.find("pods", "lost") is not None

    sim.run(10)

    assert sim.find("pods", "lost") is None


def test_terminating_pods_of_a_node_out_of_service_are_removed(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).settle()
    sim.crash("worker-1").run(30)
    assert len(sim.pods("web")) == 3

    out = {"key": "node.kubernetes.io/out-of-service", "value": "nodeshutdown", "effect": "NoExecute"}
    taints = dig(sim.get("nodes", "worker-1"), "spec.taints")
    sim.patch("nodes", "worker-1", "spec.taints", [*taints, out]).settle()

    assert len(sim.pods("web")) == 2
