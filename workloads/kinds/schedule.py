"""When a CronJob is due: five fields or a macro, in a time zone (robfig/cron's standard parser)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from clusters.reconcile.clock import EPOCH, SECOND, Time

MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# (lowest, highest, names from the lowest on) of minute, hour, day of month, month, day of week
BOUNDS: Sequence[tuple[int, int, Sequence[str]]] = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, MONTHS),
    (0, 6, DAYS),
)
ZONE = re.compile(r"(?:CRON_)?TZ=(\S*)\s*")
_EVERY = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
FAR = timedelta(days=5 * 366)  # what does not come within five years never comes


class BadSchedule(ValueError):
    """The text is no schedule; the sentence is the parser's."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Either the fields, checked, or a fixed distance in seconds (`@every 1h30m`)."""

    fields: str
    every: int = 0

    def after(self, time: Time, zone: str = "") -> Iterator[Time]:
        """All times later than this one, ascending, in microseconds since the epoch."""
        if self.every:
            second = time // SECOND * SECOND
            while True:
                second += self.every * SECOND
                yield second
        begin = (EPOCH + timedelta(seconds=time // SECOND)).astimezone(_zone(zone))
        try:
            # with a field for seconds, times that a clock change leaves out are left out, as robfig/cron has it
            for found in CronSim(f"0 {self.fields}", begin):
                if found - begin > FAR:
                    return
                yield round((found.astimezone(UTC) - EPOCH) / timedelta(seconds=1)) * SECOND
                begin = found
        except CronSimError:  # a day that no month has
            return

    def first_after(self, time: Time, zone: str = "") -> Time | None:
        return next(self.after(time, zone), None)


@lru_cache(1024)
def parsed(text: str) -> Schedule:
    """Raises BadSchedule."""
    text = ZONE.sub("", text, count=1) if has_zone(text) else text
    if text.startswith("@"):
        return _macro(text)
    fields = text.split()
    if len(fields) != 5:
        raise BadSchedule(f"expected exactly 5 fields, found {len(fields)}: [{' '.join(fields)}]")
    return Schedule(" ".join(_field(field.lower(), index) for index, field in enumerate(fields)))


def has_zone(text: str) -> bool:
    """Whether the schedule itself names a time zone, as older clusters allowed."""
    return "TZ" in text


def is_known_zone(name: str) -> bool:
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(64)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name) if name else UTC


def _macro(text: str) -> Schedule:
    if text in MACROS:
        return Schedule(MACROS[text])
    name, _, length = text.partition(" ")
    if name != "@every":
        raise BadSchedule(f"unrecognized descriptor: {text}")
    found = _EVERY.fullmatch(length)
    if not found or not length:
        raise BadSchedule(f'failed to parse duration {text}: time: invalid duration "{length}"')
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Schedule("", max(hours * 3600 + minutes * 60 + seconds, 1))


def _field(text: str, index: int) -> str:
    return ",".join(_range(part, index) for part in text.split(","))


def _range(text: str, index: int) -> str:
    """`a`, `a-b`, `*`, each with a step, as cronsim reads it."""
    low, high, _ = BOUNDS[index]
    span, slash, step = text.partition("/")
    if "/" in step:
        raise BadSchedule(f"too many slashes: {text}")
    if span.count("-") > 1:
        raise BadSchedule(f"too many hyphens: {text}")
    amount = _number(step, index, named=False) if slash else 1
    if amount == 0:
        raise BadSchedule(f"step of range should be a positive number: {text}")
    if span in ("*", "?"):
        # with a step it is a range like any other: of a day of the month and a day of the week either will do
        return "*" if amount == 1 else f"{low}-{high}/{amount}"
    first, dash, last = span.partition("-")
    start = _number(first, index)
    end = _number(last, index) if dash else high if slash else start
    if start < low:
        raise BadSchedule(f"beginning of range ({start}) below minimum ({low}): {text}")
    if end > high:
        raise BadSchedule(f"end of range ({end}) above maximum ({high}): {text}")
    if start > end:
        raise BadSchedule(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    return str(start) if start == end else f"{start}-{end}/{amount}"


def _number(text: str, index: int, *, named: bool = True) -> int:
    low, _, names = BOUNDS[index]
    if named and text in names:
        return names.index(text) + low
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadSchedule(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)
