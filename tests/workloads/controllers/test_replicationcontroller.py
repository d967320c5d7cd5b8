"""ReplicationControllers do what ReplicaSets do, with plain pairs as a selector."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, controller_of
from tests.sim import Sim, pod, template

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def old(replicas: int = 2) -> Body:
    spec = {"replicas": replicas, "selector": {"app": "old"}, "template": template("old", PAUSE)}
    return {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "old"}, "spec": spec}


def test_it_keeps_as_many_pods_as_it_says(sim: Sim) -> None:
    sim.apply(old(3)).settle()

    counts = {"replicas": 3, "fullyLabeledReplicas": 3, "readyReplicas": 3, "availableReplicas": 3}
    assert sim.get("replicationcontrollers", "old")["status"] == {**counts, "observedGeneration": 1}
    assert all((controller_of(one) or {})["kind"] == "ReplicationController" for one in sim.running("old"))


def test_a_deleted_pod_is_replaced_by_the_replication_controller(sim: Sim) -> None:
    sim.apply(old(2)).settle()

    sim.delete("pods", sim.pods("old")[0]).settle(40)

    assert len(sim.running("old")) == 2
    assert sim.log.last("pods", "ADDED").actor == "replication-controller"
    assert {event["source"]["component"] for event in sim.events("SuccessfulCreate", "old")} == {
        "replication-controller"
    }


def test_scaling_down_deletes_the_surplus(sim: Sim) -> None:
    sim.apply(old(3)).settle()

    sim.patch("replicationcontrollers", "old", "spec.replicas", 1).settle(40)

    assert len(sim.pods("old")) == 1


def test_a_pod_of_nobody_is_adopted_and_a_pod_with_other_labels_released(sim: Sim) -> None:
    sim.apply(pod("old", PAUSE)).settle()
    sim.apply(old(1)).settle()
    assert [one["metadata"]["name"] for one in sim.pods("old")] == ["old"]

    sim.patch("pods", "old", "metadata.labels.app", "debug").settle()

    assert controller_of(sim.get("pods", "old")) is None
    assert len(sim.running("old")) == 1


def test_whoever_does_not_say_how_to_delete_it_keeps_its_pods(sim: Sim) -> None:
    sim.apply(old(2)).settle()

    sim.delete("replicationcontrollers", "old").settle(40)
    assert len(sim.running("old")) == 2
    sim.apply(old(2)).settle()
    sim.delete("replicationcontrollers", "old", propagation="Background").settle(40)

    assert sim.pods("old") == []


def test_without_a_selector_the_templates_labels_are_meant(sim: Sim) -> None:
    body = old(1)
    del body["spec"]["selector"]

    sim.apply(body).settle()

    made = sim.get("replicationcontrollers", "old")
    assert made["spec"]["selector"] == made["metadata"]["labels"] == {"app": "old"}
