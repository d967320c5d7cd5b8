"""Spans of time as the API server writes them into tables (apimachinery: duration.HumanDuration)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.kind import Column
from clusters.reconcile.clock import SECOND, Time, parse


def human(span: int) -> str:
    """A span in microseconds at the precision that fits its size: `90s`, `5m3s`, `26h`, `12d`."""
    seconds = int(span / SECOND)
    if seconds < 0:
        return "<invalid>" if seconds < -1 else "0s"
    if seconds < 120:
        return f"{seconds}s"
    minutes, hours = seconds // 60, seconds // 3600
    if minutes < 180:
        return _two(minutes, "m", seconds % 60, "s") if minutes < 10 else f"{minutes}m"
    if hours < 48:
        return _two(hours, "h", minutes % 60, "m") if hours < 8 else f"{hours}h"
    days = hours // 24
    if days < 365 * 2:
        return _two(days, "d", hours % 24, "h") if days < 8 else f"{days}d"
    return _two(days // 365, "y", days % 365, "d") if days < 365 * 8 else f"{days // 365}y"


def since(stamp: str | None, now: Time) -> str:
    """How long ago a timestamp of an object was; `<unknown>` where there is none."""
    return human(now - parse(stamp)) if stamp else "<unknown>"


def age(body: Body, now: Time) -> str:
    """The value of every AGE column."""
    return since(body["metadata"].get("creationTimestamp"), now)


def framed(*columns: Column) -> tuple[Column, ...]:
    """The columns of most tables: a name before them, the age behind those that are not wide."""
    narrow = [column for column in columns if not column.wide]
    wide = [column for column in columns if column.wide]
    return (Column("Name", "metadata.name"), *narrow, Column("Age", age), *wide)


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    return f"{big}{big_unit}{small}{small_unit}" if small else f"{big}{big_unit}"
