"""What differs between two states of an object, field by field, as a person would name it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from clusters.kinds.body import Body

# bookkeeping that changes with everything else, and tells nobody anything
SILENT = ("metadata.resourceVersion", "metadata.managedFields", "metadata.generation", "status.observedGeneration")
BEATS = (".lastHeartbeatTime", ".lastProbeTime")
MOST, LONG = 40, 160
NAMES = ("name", "type", "key", "uid", "ip")  # what tells the entries of a list apart


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, and what stood there before and after; None: nothing."""

    field: str
    before: str | None
    after: str | None


def differences(before: Body | None, after: Body | None) -> Sequence[Difference]:
    """In order of the fields, at most MOST of them."""
    found = []
    for difference in _differ("", before or {}, after or {}):
        found.append(difference)
        if len(found) == MOST:
            break
    return found


def _differ(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after or path in SILENT or path.endswith(BEATS):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _entries(path, before, after, ".")
    elif _are_named(before) and _are_named(after):
        yield from _entries(path, _by_name(before), _by_name(after), "/")
    else:
        yield Difference(path, _text(before), _text(after))


def _entries(path: str, before: Body, after: Body, mark: str) -> Iterator[Difference]:
    for name in sorted({**before, **after}):
        inner = f"{path}{mark if path else ''}{name}" if mark == "." else f"{path}[{name}]"
        yield from _differ(inner, before.get(name), after.get(name))


def _are_named(value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(_name(one) for one in value):
        return False
    return len(_by_name(value)) == len(value)


def _by_name(entries: Sequence[Any]) -> Body:
    return {_name(one): one for one in entries}


def _name(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    return next((str(entry[name]) for name in NAMES if isinstance(entry.get(name), str)), "")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= LONG else f"{text[:LONG]} ..."
