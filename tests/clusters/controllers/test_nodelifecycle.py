"""A node that falls silent is marked, tainted, and its pods leave the Services."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.conditions import condition_of, is_true
from tests.sim import Sim, deployment, service

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3).apply(deployment("web", 3, image=PAUSE), service("web")).settle()


def taints(sim: Sim, node: str) -> list[tuple[str, str]]:
    return [(taint["key"], taint["effect"]) for taint in dig(sim.get("nodes", node), "spec.taints") or ()]


def node(sim: Sim, name: str = "worker-2") -> Body:
    return sim.get("nodes", name)


def test_a_silent_node_is_not_ready_after_the_grace_period(sim: Sim) -> None:
    sim.crash("worker-2").run(3.9)
    assert is_true(node(sim), "Ready")

    sim.run(2.2)

    ready = condition_of(node(sim), "Ready")
    assert ready is not None
    assert (ready["status"], ready["reason"]) == ("Unknown", "NodeStatusUnknown")
    assert ready["message"] == "Kubelet stopped posting node status."


def test_its_other_conditions_are_unknown_as_well(sim: Sim) -> None:
    sim.crash("worker-2").run(7)

    unknown = [c["type"] for c in node(sim)["status"]["conditions"] if c["status"] == "Unknown"]
    assert unknown == ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"]


def test_it_is_tainted_as_unreachable(sim: Sim) -> None:
    sim.crash("worker-2").run(7)

    key = "node.kubernetes.io/unreachable"
    assert taints(sim, "worker-2") == [(key, "NoSchedule"), (key, "NoExecute")]


def test_it_is_told_in_kubernetes_words(sim: Sim) -> None:
    sim.crash("worker-2").run(7)

    (event,) = sim.events("NodeNotReady", "worker-2")
    assert event["message"] == "Node worker-2 status is now: NodeNotReady"
    assert event["source"] == {"component": "node-controller"}


def test_its_pods_are_not_ready_and_leave_the_service(sim: Sim) -> None:
    (there,) = [one for one in sim.pods("web") if dig(one, "spec.nodeName") == "worker-2"]

    sim.crash("worker-2").run(7)

    name = there["metadata"]["name"]
    assert not is_true(sim.get("pods", name), "Ready")
    assert sim.events("NodeNotReady", name)[0]["message"] == "Node is not ready"
    (subset,) = sim.get("endpoints", "web")["subsets"]
    assert [address["targetRef"]["name"] for address in subset["notReadyAddresses"]] == [name]


def test_a_node_that_comes_back_loses_its_taints(sim: Sim) -> None:
    sim.crash("worker-2").run(7)

    sim.delete("faults", "crash-worker-2").run(10)

    assert is_true(node(sim), "Ready")
    assert taints(sim, "worker-2") == []


def test_a_node_that_was_away_for_a_moment_is_not_given_up(sim: Sim) -> None:
    before = len(sim.log)

    sim.crash("worker-2").run(1).delete("faults", "crash-worker-2").run(20)

    assert [e for e in sim.log[before:] if e.actor == "node-lifecycle-controller"] == []


def test_a_cordoned_node_is_tainted_as_unschedulable(sim: Sim) -> None:
    sim.patch("nodes", "worker-1", "spec.unschedulable", True).settle()

    (taint,) = node(sim, "worker-1")["spec"]["taints"]
    assert (taint["key"], taint["effect"]) == ("node.kubernetes.io/unschedulable", "NoSchedule")
    assert taint["timeAdded"]


def test_an_uncordoned_node_loses_that_taint_and_keeps_those_of_others(sim: Sim) -> None:
    own = {"key": "mine", "value": "yes", "effect": "NoSchedule"}
    sim.patch("nodes", "worker-1", "spec.taints", [own])
    sim.patch("nodes", "worker-1", "spec.unschedulable", True).settle()

    sim.patch("nodes", "worker-1", "spec.unschedulable", False).settle()

    assert node(sim, "worker-1")["spec"]["taints"] == [own]


def test_each_node_is_registered_once(sim: Sim) -> None:
    sim.restart().run(30)

    events = sim.events("RegisteredNode")
    assert [event["count"] for event in events] == [1, 1, 1, 1]
    assert events[0]["message"].startswith("Node control-plane event: Registered Node control-plane in Controller")


def test_a_dead_controller_manager_notices_nothing(sim: Sim) -> None:
    sim.crash("control-plane").run(1)

    sim.crash("worker-2").run(30)

    assert is_true(node(sim), "Ready")


def test_a_controller_manager_that_comes_back_notices(sim: Sim) -> None:
    sim.crash("control-plane").run(1).crash("worker-2").run(30)

    sim.delete("faults", "crash-control-plane").run(15)

    assert not is_true(node(sim), "Ready")


def test_with_kubernetes_timings_it_takes_fifty_seconds() -> None:
    sim = Sim(nodes=1, timings="kubernetes")
    renewed = parse(dig(sim.get("leases", "worker-1", "kube-node-lease"), "spec.renewTime"))

    sim.crash("worker-1").run(60)

    (silent,) = [e for e in sim.log.all("nodes") if e.why == "Nothing was heard of it for 50 s."]
    assert 50 * SECOND <= silent.at - renewed <= 65 * SECOND


def test_a_healthy_cluster_writes_nothing_but_heartbeats(sim: Sim) -> None:
    sim.run(10)
    before = len(sim.log)

    sim.run(120)

    actors = {entry.actor.partition("/")[0] for entry in sim.log[before:]}
    assert actors == {"kubelet"}
