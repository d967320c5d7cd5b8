"""Schedules as cron reads them, in time zones whose clocks change."""

from __future__ import annotations

from itertools import islice

import pytest

from clusters.reconcile.clock import parse, rfc3339
from workloads.kinds.schedule import BadSchedule, parsed


def times(text: str, since: str, count: int = 3, zone: str = "") -> list[str]:
    return [rfc3339(time) for time in islice(parsed(text).after(parse(since), zone), count)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("* * * * *", "2026-01-05T09:01:00Z"),
        ("*/15 * * * *", "2026-01-05T09:15:00Z"),
        ("0 3 * * 1", "2026-01-12T03:00:00Z"),
        ("30 6 1,15 * *", "2026-01-15T06:30:00Z"),
        ("0 0 13 * FRI", "2026-01-09T00:00:00Z"),
        ("0 12 * mar-may mon-fri", "2026-03-02T12:00:00Z"),
        ("5/20 * * * *", "2026-01-05T09:05:00Z"),
        ("@hourly", "2026-01-05T10:00:00Z"),
        ("@daily", "2026-01-06T00:00:00Z"),
        ("@weekly", "2026-01-11T00:00:00Z"),
        ("@monthly", "2026-02-01T00:00:00Z"),
        ("@yearly", "2027-01-01T00:00:00Z"),
        ("@every 1h30m", "2026-01-05T10:30:00Z"),
    ],
)
def test_the_next_time(text: str, first: str) -> None:
    assert times(text, "2026-01-05T09:00:00Z", 1) == [first]


def test_of_a_stepped_day_of_the_month_and_a_weekday_either_will_do() -> None:
    assert times("0 0 */10 * 3", "2026-01-05T09:00:00Z", 3) == [
        "2026-01-07T00:00:00Z",
        "2026-01-11T00:00:00Z",
        "2026-01-14T00:00:00Z",
    ]


def test_a_day_that_no_month_has_never_comes() -> None:
    assert times("0 0 31 2 *", "2026-01-05T09:00:00Z") == []


def test_a_time_zone_shifts_the_schedule() -> None:
    assert times("0 9 * * *", "2026-01-05T09:00:00Z", 1, "America/New_York") == ["2026-01-05T14:00:00Z"]


def test_a_time_that_a_clock_change_leaves_out_is_left_out() -> None:
    assert times("30 2 * * *", "2026-03-28T12:00:00Z", 1, "Europe/Berlin") == ["2026-03-30T00:30:00Z"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
        ("x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'),
        ("0 24 * * *", "end of range (24) above maximum (23): 24"),
        ("0 0 0 * *", "beginning of range (0) below minimum (1): 0"),
        ("0 0 * * 7", "end of range (7) above maximum (6): 7"),
        ("9-5 * * * *", "beginning of range (9) beyond end of range (5): 9-5"),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("1/2/3 * * * *", "too many slashes: 1/2/3"),
        ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
        ("0 0 L * *", 'failed to parse int from l: strconv.Atoi: parsing "l": invalid syntax'),
        ("@noon", "unrecognized descriptor: @noon"),
        ("@every soon", 'failed to parse duration @every soon: time: invalid duration "soon"'),
    ],
)
def test_what_is_no_schedule_is_told_as_the_parser_does(text: str, told: str) -> None:
    with pytest.raises(BadSchedule) as wrong:
        parsed(text)

    assert str(wrong.value) == told
