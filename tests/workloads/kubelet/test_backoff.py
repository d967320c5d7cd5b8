"""Each failure doubles the wait, up to a limit, until things have gone well for a while."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clusters.reconcile.clock import MINUTE, SECOND
from clusters.reconcile.timings import KUBERNETES
from workloads.kubelet.backoff import Backoff, due, step


def test_the_waits_double_from_ten_seconds_to_five_minutes() -> None:
    entry: Backoff | None = None
    waits = []
    for _ in range(7):
        entry = step(entry, 0, 0, KUBERNETES)
        waits.append(entry["wait"] // SECOND)

    assert waits == [10, 20, 40, 80, 160, 300, 300]


def test_a_container_that_ran_long_enough_starts_over() -> None:
    entry: Backoff = {"wait": 80 * SECOND, "since": 0}

    assert step(entry, 11 * MINUTE, 11 * MINUTE, KUBERNETES)["wait"] == 10 * SECOND


def test_without_a_failure_before_there_is_no_wait() -> None:
    assert due(None, 5 * SECOND) == 5 * SECOND


@given(st.lists(st.integers(0, 20 * MINUTE), max_size=30))
def test_a_wait_is_never_outside_its_limits(gaps: list[int]) -> None:
    entry: Backoff | None = None
    now = 0
    for gap in gaps:
        now += gap
        entry = step(entry, now, now, KUBERNETES)
        assert KUBERNETES.backoff_first <= entry["wait"] <= KUBERNETES.backoff_most
