"""Percentiles of latencies that are only counted in buckets, and of several crowds together."""

from __future__ import annotations

from random import Random

from networking.traffic.histogram import Histogram, mixed, note, percentiles, together


def histogram(middle: float, count: int, seed: int) -> Histogram:
    chance, found = Random(seed), Histogram()
    for _ in range(count):
        note(found, middle * 2 ** chance.gauss(0, 0.5), 1)
    return found


def near(found: list[int], wanted: list[int], part: float) -> bool:
    return all(abs(one - other) <= part * other for one, other in zip(found, wanted, strict=True))


def test_together_they_have_the_percentiles_of_all_answers() -> None:
    fast, slow = histogram(1_000, 9_000, 1), histogram(80_000, 1_000, 2)

    both = percentiles(together([fast, slow]))

    assert both[0] < 1_300
    assert both[1] > 60_000  # one of ten is slow: neither the mean nor the maximum of the two
    assert sum(together([fast, slow]).values()) == 10_000


def test_mixed_crowds_are_near_to_what_their_answers_say() -> None:
    fast, slow = histogram(1_000, 5_000, 1), histogram(3_000, 5_000, 2)

    found = mixed([(5_000, percentiles(fast)), (5_000, percentiles(slow))])

    assert near(found, percentiles(together([fast, slow])), 0.2)


def test_a_crowd_without_answers_changes_nothing() -> None:
    assert mixed([(100, [1_000, 2_000, 3_000]), (0, [0, 0, 0])]) == [1_000, 2_000, 3_000]
    assert mixed([]) == [0, 0, 0]
