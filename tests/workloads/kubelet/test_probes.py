"""What probes count, without a cluster."""

from __future__ import annotations

from clusters.reconcile.clock import SECOND
from workloads.kubelet.probes import Answer, Verdict, begun, due, is_due, settled, step

GOOD, BAD = Answer(True), Answer(False, "no")
PROBE = {"periodSeconds": 5, "failureThreshold": 3, "successThreshold": 1}


def test_the_first_look_comes_after_the_initial_delay() -> None:
    run = begun({**PROBE, "initialDelaySeconds": 7}, 0)

    assert not is_due(run, PROBE, 6 * SECOND)
    assert is_due(run, PROBE, 7 * SECOND)
    assert due(run, PROBE, 7 * SECOND) == 12 * SECOND


def test_one_success_is_enough_and_three_failures_in_a_row_are_needed() -> None:
    run = begun(PROBE, 0)
    run, verdict = step(run, PROBE, GOOD, 1 * SECOND)
    assert verdict == Verdict(True)

    verdicts = []
    for second in (6, 11, 16):
        run, verdict = step(run, PROBE, BAD, second * SECOND)
        verdicts.append(verdict)

    assert verdicts == [None, None, Verdict(False)]


def test_a_success_between_failures_starts_the_count_over() -> None:
    run = begun(PROBE, 0)
    for second, answer in ((1, BAD), (6, BAD), (11, GOOD), (16, BAD), (21, BAD)):
        run, verdict = step(run, PROBE, answer, second * SECOND)

    assert verdict is None
    assert run["ok"] is True


def test_a_look_is_not_counted_twice_at_the_same_moment() -> None:
    run, _ = step(begun(PROBE, 0), PROBE, BAD, 1 * SECOND)

    assert not is_due(run, PROBE, 1 * SECOND)


def test_a_look_missed_while_something_is_counted_is_made_up_for() -> None:
    run, _ = step(begun(PROBE, 0), PROBE, BAD, 1 * SECOND)

    assert is_due(run, PROBE, 8 * SECOND)


def test_a_settled_probe_looks_at_its_ticks_alone() -> None:
    run, _ = step(begun(PROBE, 0), PROBE, GOOD, 1 * SECOND)

    assert settled(run)
    assert not is_due(run, PROBE, 8 * SECOND)
    assert is_due(run, PROBE, 11 * SECOND)
