"""Pods that a kubelet does not take, and those whose end nobody waited for."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, deployment
from tests.sim import pod as made

HALF = {"requests": {"cpu": "500m"}}


def test_a_set_whose_pods_are_refused_makes_no_more_than_one_a_second() -> None:
    sim = Sim(nodes=1)
    spec = {"nodeName": "worker-1", "containers": [{"name": "big", "image": "nginx", "resources": _cpu("16")}]}
    wanted = deployment("big", 1)
    wanted["spec"]["template"]["spec"] = spec
    sim.apply(wanted)

    sim.run(10)

    refused = [pod for pod in sim.pods("big") if pod["status"].get("reason") == "OutOfcpu"]
    assert 4 <= len(refused) <= 12


def _where(*rules: Body) -> Body:
    terms = {"nodeSelectorTerms": [{"matchExpressions": list(rules)}]}
    return {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}}


@pytest.mark.parametrize(
    "spec",
    [
        {"nodeSelector": {"disk": "ssd"}},
        _where({"key": "disk", "operator": "In", "values": ["ssd"]}),
        _where({"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["worker-1"]}),
        _where({"key": "cores", "operator": "Gt", "values": ["4"]}),
    ],
)
def test_a_node_refuses_a_pod_that_wants_another_kind_of_node(spec: Body) -> None:
    sim = Sim(nodes=1)
    sim.apply(made("web", spec={"nodeName": "worker-1", **spec})).settle()

    status = sim.get("pods", "web")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "NodeAffinity")


@pytest.mark.parametrize(("effect", "phase"), [("NoExecute", "Failed"), ("NoSchedule", "Running")])
def test_a_node_refuses_a_pod_that_it_would_have_to_evict(effect: str, phase: str) -> None:
    sim = Sim(nodes=1)
    sim.patch("nodes", "worker-1", "spec.taints", [{"key": "gpu", "effect": effect}])
    sim.apply(made("web", spec={"nodeName": "worker-1", "terminationGracePeriodSeconds": 0})).settle()

    found = sim.find("pods", "web")
    assert found is None or found["status"]["phase"] == phase


def test_a_pod_that_was_removed_by_force_is_ended_by_whoever_comes_next() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 4, image="nginx", resources=HALF)).settle()

    for pod in sim.pods("web"):
        sim.delete("pods", pod, grace=0)
    sim.restart().run(30)

    uids = {pod["metadata"]["uid"] for pod in sim.list("pods")}
    boxes = [box for box in sim.list("sandboxes") if box["pod"]["namespace"] == "default"]
    assert len(boxes) == 4
    assert {box["metadata"]["name"] for box in boxes} <= uids


def test_removing_by_force_again_and_again_leaves_a_cluster_that_still_has_room() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 20, image="nginx", resources=HALF)).settle()

    for _ in range(3):
        for pod in sim.pods("web"):
            sim.delete("pods", pod, grace=0)
        sim.restart().run(2)
    sim.run(40)

    assert len(sim.running("web")) == 20


def _cpu(amount: str) -> dict[str, dict[str, str]]:
    return {"requests": {"cpu": amount}}
