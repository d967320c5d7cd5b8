"""When a node has which version of a Service's rules."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from clusters.reconcile.timings import CLASSROOM, KUBERNETES
from networking.proxy.node import fresh
from networking.proxy.timing import base_of, last_sync, moment, next_sync, reached, rules_on

NOW = 1_000 * SECOND


def proxy(**fields: object) -> Body:
    return {**fresh("worker-1"), "live": True, **fields}


@pytest.mark.parametrize("timings", [CLASSROOM, KUBERNETES])
@pytest.mark.parametrize("node", ["worker-1", "worker-2", "control-plane"])
def test_a_change_is_everywhere_within_a_period_and_never_before_it_happened(timings: object, node: str) -> None:
    period = timings.proxy_sync  # type: ignore[attr-defined]
    for offset in range(0, period, period // 37):
        at = moment(NOW + offset, timings)  # type: ignore[arg-type]
        sync = next_sync(node, at, timings)  # type: ignore[arg-type]

        assert NOW + offset <= at <= sync < at + period


def test_the_last_sync_is_not_later_than_now() -> None:
    for now in range(NOW, NOW + CLASSROOM.proxy_sync, 7_919):
        last = last_sync("worker-1", now, CLASSROOM)
        assert last <= now < last + CLASSROOM.proxy_sync


def test_nodes_sync_at_moments_of_their_own() -> None:
    found = {next_sync(f"worker-{number}", NOW, CLASSROOM) for number in range(30)}

    assert len(found) > 5


def test_who_stands_still_has_what_it_had() -> None:
    at = moment(NOW, CLASSROOM)
    sync = next_sync("worker-1", at, CLASSROOM)

    before = proxy(live=False, base=base_of(proxy(), sync - 1, CLASSROOM))
    after = proxy(live=False, base=base_of(proxy(), sync, CLASSROOM))

    assert not reached(before, at, NOW + 100 * SECOND, CLASSROOM)
    assert reached(after, at, NOW + 100 * SECOND, CLASSROOM)


def test_a_proxy_that_starts_late_has_all_with_its_first_sync() -> None:
    since = NOW + 5 * SECOND
    late = proxy(since=since)

    assert not reached(late, NOW, since - 1, CLASSROOM)
    assert reached(late, NOW, since + CLASSROOM.proxy_sync, CLASSROOM)


def test_the_newest_version_that_has_come_counts() -> None:
    first, second = moment(NOW, CLASSROOM), moment(NOW + SECOND, CLASSROOM)
    told = {"versions": [{"at": first, "rules": {"n": 1}}, {"at": second, "rules": {"n": 2}}]}

    assert rules_on(proxy(), told, NOW - 1, CLASSROOM) is None
    assert rules_on(proxy(), told, NOW + SECOND // 2, CLASSROOM) == {"n": 1}
    assert rules_on(proxy(), told, NOW + 2 * SECOND, CLASSROOM) == {"n": 2}
    assert rules_on(None, told, NOW + 2 * SECOND, CLASSROOM) is None
