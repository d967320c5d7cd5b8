"""Pods leave a node with a NoExecute taint when they no longer tolerate it."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, pod

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def on(sim: Sim, node: str) -> list[Body]:
    return [one for one in sim.pods() if dig(one, "spec.nodeName") == node]


def bearing(name: str, *tolerations: Body) -> Body:
    return pod(name, PAUSE, spec={"nodeName": "worker-1", "tolerations": list(tolerations)})


def driven_out(sim: Sim, *, seconds: float = 0.0) -> Sim:
    taint = {"key": "maintenance", "value": "yes", "effect": "NoExecute"}
    return sim.patch("nodes", "worker-1", "spec.taints", [taint]).run(seconds)


def gone(sim: Sim, name: str) -> bool:
    found = sim.find("pods", name)
    return found is None or is_deleting(found)


def test_pods_of_a_dead_node_are_replaced_when_their_toleration_ends(sim: Sim) -> None:
    sim.apply(deployment("web", 3, image=PAUSE)).settle()
    (lost,) = on(sim, "worker-2")

    sim.crash("worker-2").run(19)
    assert not gone(sim, lost["metadata"]["name"])
    sim.run(10)

    assert gone(sim, lost["metadata"]["name"])
    assert len(sim.running("web")) == 3
    assert {dig(one, "spec.nodeName") for one in sim.running("web")} == {"worker-1", "worker-3"}


def test_they_go_exactly_when_the_toleration_ends(sim: Sim) -> None:
    sim.apply(deployment("web", 3, image=PAUSE)).settle()
    sim.crash("worker-2").run(30)

    (taint,) = [t for t in dig(sim.get("nodes", "worker-2"), "spec.taints") if t["effect"] == "NoExecute"]
    evictions = [e for e in sim.log.all("pods") if e.why.startswith("It does not tolerate")]
    assert [e.at - parse(taint["timeAdded"]) for e in evictions] == [15 * SECOND]


def test_a_node_that_comes_back_in_time_keeps_its_pods(sim: Sim) -> None:
    sim.apply(deployment("web", 3, image=PAUSE)).settle()
    (there,) = on(sim, "worker-2")

    sim.crash("worker-2").run(12).delete("faults", "crash-worker-2").run(40)

    again = sim.get("pods", there["metadata"]["name"])
    assert not is_deleting(again)
    assert again["status"]["containerStatuses"][0]["restartCount"] == 1


def test_a_pod_that_does_not_tolerate_goes_at_once(sim: Sim) -> None:
    sim.apply(bearing("web")).settle()

    driven_out(sim, seconds=2)

    assert gone(sim, "web")
    (event,) = sim.events("TaintManagerEviction")
    assert event["message"] == "Marking for deletion Pod default/web"


def test_the_pod_says_why_it_was_disrupted(sim: Sim) -> None:
    sim.apply(bearing("web")).settle()

    driven_out(sim)
    sim.run(1)

    entry = next(e for e in sim.log.all("pods") if e.actor == "taint-eviction-controller")
    found = condition_of(entry.change.new, "DisruptionTarget")
    assert found is not None
    assert (found["reason"], found["status"]) == ("DeletionByTaintManager", "True")
    assert found["message"] == "Taint manager: deleting due to NoExecute taint"


def test_toleration_seconds_are_counted_from_a_taint_set_by_hand(sim: Sim) -> None:
    sim.apply(
        bearing("web", {"key": "maintenance", "operator": "Exists", "tolerationSeconds": 30, "effect": "NoExecute"})
    )
    sim.settle()

    driven_out(sim, seconds=29)
    assert not gone(sim, "web")
    sim.run(3)

    assert gone(sim, "web")


def test_the_shortest_toleration_counts(sim: Sim) -> None:
    short = {"key": "maintenance", "operator": "Exists", "tolerationSeconds": 5, "effect": "NoExecute"}
    sim.apply(bearing("web", {**short, "tolerationSeconds": 50}, short)).settle()

    driven_out(sim, seconds=7)

    assert gone(sim, "web")


def test_a_pod_that_tolerates_without_end_stays(sim: Sim) -> None:
    sim.apply(bearing("web", {"key": "maintenance", "operator": "Exists"})).settle()

    driven_out(sim, seconds=100)

    assert not gone(sim, "web")


def test_a_taint_that_goes_in_time_spares_the_pod(sim: Sim) -> None:
    sim.apply(
        bearing("web", {"key": "maintenance", "operator": "Exists", "tolerationSeconds": 30, "effect": "NoExecute"})
    )
    sim.settle()
    driven_out(sim, seconds=10)

    sim.patch("nodes", "worker-1", "spec.taints", []).run(60)

    assert not gone(sim, "web")


def test_a_pod_that_comes_to_a_tainted_node_is_driven_out_too(sim: Sim) -> None:
    driven_out(sim, seconds=1)

    sim.apply(bearing("web")).run(2)

    assert gone(sim, "web")


def test_mirror_pods_of_the_control_plane_stay(sim: Sim) -> None:
    taint = {"key": "maintenance", "effect": "NoExecute"}
    before = [one["metadata"]["uid"] for one in sim.pods(namespace="kube-system")]

    sim.patch("nodes", "control-plane", "spec.taints", [taint]).run(20)

    assert [one["metadata"]["uid"] for one in sim.pods(namespace="kube-system")] == before


def test_a_restarted_worker_evicts_at_the_same_time(sim: Sim) -> None:
    sim.apply(deployment("web", 3, image=PAUSE)).settle()
    sim.crash("worker-2").run(10)

    sim.restart().run(20)

    (taint,) = [t for t in dig(sim.get("nodes", "worker-2"), "spec.taints") if t["effect"] == "NoExecute"]
    evictions = [e for e in sim.log.all("pods") if e.why.startswith("It does not tolerate")]
    assert [e.at - parse(taint["timeAdded"]) for e in evictions] == [15 * SECOND]


def test_pods_that_may_stay_after_all_are_told(sim: Sim) -> None:
    sim.apply(deployment("web", 3, image=PAUSE)).settle()
    (there,) = on(sim, "worker-2")

    sim.crash("worker-2").run(12).delete("faults", "crash-worker-2").run(10)

    (event,) = sim.events("TaintManagerEviction")
    assert event["message"] == f"Cancelling deletion of Pod default/{there['metadata']['name']}"
