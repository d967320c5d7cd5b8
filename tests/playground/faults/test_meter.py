"""What users feel is computed from the change log."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.faults.meter import RESOURCES, Change, Felt, felt, spoken
from tests.sim import Sim, deployment, service
from tests.sim import fault as named

PAUSE = "registry.k8s.io/pause:3.10"


def measured(sim: Sim, before: dict[str, Sequence[Body]], begin: int, since: int) -> Felt:
    lines = [entry for entry in sim.log[since:] if entry.change.kind.plural in RESOURCES]
    changes = [Change(one.at, one.change.op, one.change.kind.plural, one.change.new) for one in lines]
    return felt(before, changes, begin, sim.now)


def whole(sim: Sim) -> dict[str, Sequence[Body]]:
    return {resource: sim.list(resource) for resource in RESOURCES if resource != "events"}


def test_it_reads_kinds_that_there_are() -> None:
    assert [resource for resource in RESOURCES if resource not in kinds()] == []


def test_a_dead_node_is_detected_after_the_grace_and_healed_when_its_pods_are_replaced() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image=PAUSE), service("web")).settle()
    before, begin, since = whole(sim), sim.now, len(sim.log)

    sim.crash("worker-1").run(3)
    early = measured(sim, before, begin, since)
    sim.run(40)
    late = measured(sim, before, begin, since)

    assert (early.detected, early.broken, early.healed) == (None, (), None) or early.detected is None
    assert late.detected is not None
    assert 5_000_000 <= late.detected <= 8_000_000
    assert "worker-1" in late.by
    assert (list(late.hurt), list(late.broken)) == (["deployment web"], [])
    assert late.healed is not None
    assert late.healed > late.detected


def test_what_is_not_whole_again_is_named() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1, image=PAUSE), service("web")).settle()
    before, begin, since = whole(sim), sim.now, len(sim.log)

    sim.crash("worker-1").run(30)
    found = measured(sim, before, begin, since)

    assert (list(found.broken), found.healed) == (["deployment web"], None)
    assert found.measured == "endpoints"
    assert found.success is not None
    assert found.success < 40


def test_where_nothing_breaks_nothing_needs_healing() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE), service("web")).settle()
    before, begin, since = whole(sim), sim.now, len(sim.log)

    sim.apply(named("ProxyLag", "lag", node="worker-1")).run(10)
    found = measured(sim, before, begin, since)

    assert (found.success, found.hurt, found.healed, found.detected) == (100.0, [], None, None)


def test_traffic_says_best_what_users_feel() -> None:
    def traffic(succeeded: int, failed: int, latency: str) -> Body:
        status = {"succeeded": succeeded, "failed": failed, "latency": {"p95": latency}}
        reasons = [{"reason": "timeout", "count": failed}] if failed else []
        return {"metadata": {"namespace": "default", "name": "crowd"}, "status": {**status, "reasons": reasons}}

    changes = [
        Change(2_000_000, "MODIFIED", "traffic", traffic(150, 10, "80ms")),
        Change(4_000_000, "MODIFIED", "traffic", traffic(280, 20, "1.2s")),
        Change(6_000_000, "MODIFIED", "traffic", traffic(380, 20, "9ms")),
    ]
    found = felt({"traffic": [traffic(100, 0, "5ms")]}, changes, 0, 8_000_000)

    assert found.measured == "traffic"
    assert (round(found.success or 0, 2), found.failed) == (93.33, 20)
    assert (found.latency, found.reason) == ("1.2s", "timeout")


def test_times_are_said_shortly() -> None:
    assert [spoken(None), spoken(8_250_000), spoken(125_000_000)] == ["", "8.2 s", "2:05 min"]
