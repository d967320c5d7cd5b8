"""What users feel is computed from the change log."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.faults.meter import RESOURCES, Change, Felt, Meter, spoken
from tests.sim import Sim, deployment, service
from tests.sim import fault as named

PAUSE = "registry.k8s.io/pause:3.10"


def measured(sim: Sim, before: dict[str, Sequence[Body]], begin: int, since: int) -> Felt:
    lines = [entry for entry in sim.log[since:] if entry.change.kind.plural in RESOURCES]
    changes = [Change(one.at, one.change.op, one.change.kind.plural, one.change.new) for one in lines]
    return told(Meter(before, begin), changes, sim.now)


def told(meter: Meter, changes: Sequence[Change], now: int) -> Felt:
    for change in changes:
        meter.take(change)
    return meter.felt(now)


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


def traffic(succeeded: int, failed: int, latency: str, uid: str = "1") -> Body:
    status = {"succeeded": succeeded, "failed": failed, "latency": {"p95": latency}}
    reasons = [{"reason": "timeout", "count": failed}] if failed else []
    metadata = {"namespace": "default", "name": "crowd", "uid": uid}
    return {"metadata": metadata, "status": {**status, "reasons": reasons}}


def at(second: int, body: Body, op: str = "MODIFIED", resource: str = "traffic") -> Change:
    return Change(second * 1_000_000, op, resource, body)


def test_traffic_says_best_what_users_feel() -> None:
    meter = Meter({"traffic": [traffic(100, 0, "5ms")]}, 0)
    changes = [at(2, traffic(150, 10, "80ms")), at(4, traffic(280, 20, "1.2s")), at(6, traffic(380, 20, "9ms"))]

    found = told(meter, changes, 8_000_000)

    assert found.measured == "traffic"
    assert (round(found.success or 0, 2), found.failed) == (93.33, 20)
    assert (found.latency, found.reason) == ("1.2s", "timeout")


def test_requests_after_the_fault_is_over_and_all_is_whole_do_not_count() -> None:
    meter = Meter({"traffic": [traffic(0, 0, "5ms")]}, 0)
    meter.ended = 3_000_000

    found = told(meter, [at(2, traffic(10, 10, "2s")), at(9, traffic(900, 10, "3s"))], 10_000_000)

    assert (found.success, found.failed, found.latency) == (50.0, 10, "2s")


def test_requests_count_after_its_end_until_all_is_whole() -> None:
    def web(ready: int) -> Body:
        status = {"readyReplicas": ready, "updatedReplicas": 2}
        return {"metadata": {"namespace": "default", "name": "web"}, "spec": {"replicas": 2}, "status": status}

    meter = Meter({"traffic": [traffic(0, 0, "5ms")], "deployments": [web(2)]}, 0)
    meter.ended = 3_000_000
    broken, whole = at(1, web(1), resource="deployments"), at(6, web(2), resource="deployments")

    found = told(meter, [broken, at(5, traffic(10, 10, "2s")), whole, at(9, traffic(900, 90, "3s"))], 10_000_000)

    assert (found.success, found.failed, found.healed) == (50.0, 10, 6_000_000)


def test_requests_count_for_a_while_after_a_fault_that_fires_once() -> None:
    meter = Meter({"traffic": [traffic(0, 0, "5ms")]}, 0, moment=True)
    meter.ended = 2_000_000

    found = told(meter, [at(9, traffic(30, 10, "2s")), at(90, traffic(900, 90, "3s"))], 100_000_000)

    assert (found.success, found.failed, found.lasted) == (75.0, 10, 2_000_000)


def test_traffic_that_is_made_anew_begins_at_nothing() -> None:
    meter = Meter({"traffic": [traffic(100, 100, "5ms")]}, 0)
    changes = [at(1, traffic(110, 110, "5ms")), at(2, traffic(110, 110, "5ms"), "DELETED")]

    found = told(meter, [*changes, at(5, traffic(30, 10, "5ms", uid="2"))], 10_000_000)

    assert (found.failed, found.success) == (20, 100 * 40 / 60)


def test_it_can_be_read_while_it_goes_on() -> None:
    lines = [at(2, traffic(150, 10, "80ms")), at(4, traffic(280, 20, "1.2s")), at(6, traffic(380, 20, "9ms"))]
    before = {"traffic": [traffic(100, 0, "5ms")]}
    meter = Meter(before, 0)

    for line in lines:
        meter.take(line)
        meter.felt(line.at)

    assert meter.felt(8_000_000) == told(Meter(before, 0), lines, 8_000_000)


def test_times_are_said_shortly() -> None:
    assert [spoken(None), spoken(8_250_000), spoken(125_000_000)] == ["", "8.2 s", "2:05 min"]
