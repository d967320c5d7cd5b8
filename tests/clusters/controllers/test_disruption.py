"""How fast pods are driven from failed nodes, and when not at all."""

from __future__ import annotations

from clusters.controllers.nodelifecycle.taints import drives_out
from clusters.kinds.body import is_deleting
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.conditions import is_true
from tests.sim import Sim, deployment

PAUSE = "registry.k8s.io/pause:3.10"


def driven(sim: Sim) -> list[str]:
    return [node["metadata"]["name"] for node in sim.list("nodes") if drives_out(node)]


def failed(sim: Sim) -> list[str]:
    return [node["metadata"]["name"] for node in sim.list("nodes") if not is_true(node, "Ready")]


def test_two_nodes_that_fail_together_are_given_up_one_after_the_other() -> None:
    sim = Sim(nodes=4)

    sim.crash("worker-1").crash("worker-2").run(8)

    assert driven(sim) == ["worker-1", "worker-2"]
    first, second = (drives_out(sim.get("nodes", name)) for name in ("worker-1", "worker-2"))
    assert first is not None
    assert second is not None
    assert parse(second["timeAdded"]) - parse(first["timeAdded"]) == SECOND


def test_when_most_of_a_small_zone_fails_at_once_no_pod_is_driven_out() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image=PAUSE)).settle()

    sim.crash("worker-1").crash("worker-2").crash("worker-3").run(60)

    assert failed(sim) == ["worker-1", "worker-2", "worker-3"]
    assert driven(sim) == []
    assert not any(is_deleting(one) for one in sim.pods("web"))


def test_when_one_of_them_recovers_the_others_are_given_up() -> None:
    sim = Sim(nodes=3)
    sim.crash("worker-1").crash("worker-2").crash("worker-3").run(20)

    sim.delete("faults", "crash-worker-3").run(10)

    assert driven(sim) == ["worker-1", "worker-2"]


def test_nodes_of_another_zone_do_not_count() -> None:
    sim = Sim(nodes=3)
    for name, zone in (("control-plane", "a"), ("worker-1", "a"), ("worker-2", "b"), ("worker-3", "b")):
        sim.patch("nodes", name, "metadata.labels", {"topology.kubernetes.io/zone": zone})
    sim.settle()

    sim.crash("worker-1").crash("worker-2").crash("worker-3").run(20)

    assert driven(sim) == ["worker-1", "worker-2", "worker-3"]
