"""Spans of time are told at the precision that fits them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.kinds.age import human, since
from clusters.reconcile.clock import SECOND, parse

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "<invalid>"),
        (-1, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (5 * MINUTE + 3, "5m3s"),
        (10 * MINUTE + 3, "10m"),
        (179 * MINUTE, "179m"),
        (3 * HOUR, "3h"),
        (7 * HOUR + 59 * MINUTE, "7h59m"),
        (8 * HOUR + MINUTE, "8h"),
        (47 * HOUR, "47h"),
        (2 * DAY, "2d"),
        (7 * DAY + 5 * HOUR, "7d5h"),
        (8 * DAY + 5 * HOUR, "8d"),
        (729 * DAY, "729d"),
        (730 * DAY, "2y"),
        (731 * DAY, "2y1d"),
        (8 * 365 * DAY + DAY, "8y"),
    ],
)
def test_a_span_is_told_as_kubectl_tells_it(seconds: int, told: str) -> None:
    assert human(seconds * SECOND) == told


def test_what_has_no_time_is_of_unknown_age() -> None:
    assert since(None, 0) == "<unknown>"
    assert since("2026-01-05T09:00:00Z", parse("2026-01-05T09:00:07.9Z")) == "7s"


@given(st.integers(0, 10**9))
def test_every_span_has_a_short_name(seconds: int) -> None:
    assert 2 <= len(human(seconds * SECOND)) <= 7
