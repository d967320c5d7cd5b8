"""The ReplicaSet controller keeps as many active pods as its ReplicaSet wants."""

from __future__ import annotations

import pytest

from clusters.admission.apply import ADDED
from clusters.kinds.body import Body, controller_of, dig, put, uid_of
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.writes import SetStatus
from tests.sim import Sim, pod, replicaset

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def web(replicas: int) -> Body:
    return replicaset("web", replicas, image=PAUSE)


def status(sim: Sim) -> Body:
    found: Body = sim.get("replicasets", "web")["status"]
    return found


def test_a_replicaset_gets_its_pods(sim: Sim) -> None:
    sim.apply(web(3)).settle()

    pods = sim.running("web")
    assert len(pods) == 3
    assert all(one["metadata"]["name"].startswith("web-") for one in pods)
    owner = controller_of(pods[0])
    assert owner is not None
    assert owner["uid"] == uid_of(sim.get("replicasets", "web"))
    assert owner["blockOwnerDeletion"]


def test_the_status_counts_its_pods(sim: Sim) -> None:
    sim.apply(web(2)).settle()

    counts = {"replicas": 2, "fullyLabeledReplicas": 2, "readyReplicas": 2, "availableReplicas": 2}
    assert status(sim) == {**counts, "observedGeneration": 1}


def test_a_deleted_pod_is_replaced(sim: Sim) -> None:
    sim.apply(web(2)).settle()

    sim.delete("pods", sim.pods("web")[0]).settle(quiet=35)

    assert len(sim.running("web")) == 2
    made = sim.log.last("pods", ADDED)
    assert made.actor == "replicaset-controller"
    assert made.why == "1 of 2 replicas was missing."


def test_a_replacement_is_caused_by_the_deletion(sim: Sim) -> None:
    sim.apply(web(2)).settle()

    sim.delete("pods", sim.pods("web")[0])
    deletion = sim.log[-1].revision
    sim.settle()

    assert sim.log.last("pods", ADDED).cause == deletion


def test_a_failed_pod_is_replaced_and_stays_to_be_looked_at(sim: Sim) -> None:
    sim.apply(web(1)).settle()
    first = sim.pods("web")[0]

    sim.write(SetStatus("pods", first, {**first["status"], "phase": "Failed"})).settle()

    assert len(sim.pods("web")) == 2
    assert status(sim)["replicas"] == 1


def test_scaling_down_deletes_the_surplus(sim: Sim) -> None:
    sim.apply(web(4)).settle()

    sim.patch("replicasets", "web", "spec.replicas", 1).settle(quiet=35)

    assert len(sim.pods("web")) == 1
    assert status(sim)["observedGeneration"] == 2
    assert len(sim.events("SuccessfulDelete", "web")) == 3


def test_a_pod_without_node_goes_first(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    running = [one["metadata"]["name"] for one in sim.running("web")]
    for node in ("worker-1", "worker-2"):
        sim.patch("nodes", node, "spec.unschedulable", True)
    sim.patch("replicasets", "web", "spec.replicas", 3).settle()

    sim.patch("replicasets", "web", "spec.replicas", 2).settle()

    assert [one["metadata"]["name"] for one in sim.pods("web")] == running


def test_the_dearest_pod_stays(sim: Sim) -> None:
    sim.apply(web(3)).settle()
    dear = sim.pods("web")[1]
    cost = {"controller.kubernetes.io/pod-deletion-cost": "100"}
    sim.patch("pods", dear["metadata"]["name"], "metadata.annotations", cost)

    sim.patch("replicasets", "web", "spec.replicas", 1).settle(quiet=35)

    assert [one["metadata"]["name"] for one in sim.pods("web")] == [dear["metadata"]["name"]]


def test_doubled_up_pods_go_before_lonely_ones(sim: Sim) -> None:
    sim.apply(web(3)).settle()
    seats = [dig(one, "spec.nodeName") for one in sim.pods("web")]
    assert sorted(map(seats.count, seats)) == [1, 2, 2]

    sim.patch("replicasets", "web", "spec.replicas", 2).settle(quiet=35)

    assert len({dig(one, "spec.nodeName") for one in sim.pods("web")}) == 2


def test_a_pod_that_nobody_controls_is_adopted(sim: Sim) -> None:
    sim.apply(pod("web", image=PAUSE)).settle()

    sim.apply(web(1)).settle()

    assert [one["metadata"]["name"] for one in sim.pods("web")] == ["web"]
    assert controller_of(sim.get("pods", "web")) is not None


def test_a_pod_whose_labels_changed_is_released_and_replaced(sim: Sim) -> None:
    sim.apply(web(1)).settle()
    name = sim.pods("web")[0]["metadata"]["name"]

    sim.patch("pods", name, "metadata.labels.app", "other").settle()

    assert controller_of(sim.get("pods", name)) is None
    assert len(sim.running("web")) == 1


def test_a_pod_of_another_owner_is_left_alone(sim: Sim) -> None:
    sim.apply(web(1)).settle()

    sim.apply(put(replicaset("web2", 1, image=PAUSE), "spec.selector.matchLabels", {"app": "web2"})).settle()

    assert len(sim.pods("web")) == 1
    assert len(sim.pods("web2")) == 1


def test_a_pod_counts_as_available_after_min_ready_seconds(sim: Sim) -> None:
    sim.apply(put(web(1), "spec.minReadySeconds", 10)).settle(quiet=5)
    assert status(sim)["readyReplicas"] == 1
    assert "availableReplicas" not in status(sim)

    sim.run(10)

    assert status(sim)["availableReplicas"] == 1


def test_a_refused_creation_is_told_and_tried_again() -> None:
    sim = Sim(nodes=2, limits={"pods": 5})

    sim.apply(web(3)).settle()

    rs = sim.get("replicasets", "web")
    failing = condition_of(rs, "ReplicaFailure")
    assert failing is not None
    assert failing["reason"] == "FailedCreate"
    assert "exceeded quota" in failing["message"]
    assert sim.events("FailedCreate", "web")[0]["message"].startswith("Error creating: ")


def test_the_failure_is_forgotten_when_it_is_over() -> None:
    sim = Sim(nodes=2, limits={"pods": 5})
    sim.apply(web(3)).settle()

    sim.patch("replicasets", "web", "spec.replicas", 1).settle()

    assert condition_of(sim.get("replicasets", "web"), "ReplicaFailure") is None


def test_each_creation_is_told_until_there_are_many(sim: Sim) -> None:
    sim.apply(web(12)).settle()

    told = [event["message"] for event in sim.events("SuccessfulCreate", "web")]
    assert len(told) == 10
    assert sum(message.startswith("(combined from similar events): Created pod: web-") for message in told) == 1


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    before = len(sim.log)

    sim.restart().settle(quiet=1)

    written = [entry for entry in sim.log[before:] if entry.actor == "replicaset-controller"]
    assert written == []


def test_a_replicaset_that_is_being_deleted_makes_no_pods(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    made = len(sim.log.all("pods", ADDED))

    sim.delete("replicasets", "web", propagation="Foreground").settle(quiet=40)

    assert sim.pods("web") == []
    assert sim.find("replicasets", "web") is None
    assert len(sim.log.all("pods", ADDED)) == made


def test_after_a_restart_a_creation_still_has_a_cause(sim: Sim) -> None:
    sim.apply(web(1)).settle()
    rs = sim.get("replicasets", "web")
    sim.crash("control-plane").run(1)
    sim.delete("pods", sim.pods("web")[0]).settle()

    sim.delete("faults", "crash-control-plane").restart().settle()

    assert sim.log.last("pods", ADDED).cause >= int(rs["metadata"]["resourceVersion"])
