"""jq, as far as paths: `.`, `.a.b[0]`, `.[]`, `.a[] | .b`, `keys`, `length`; -r and -c."""

import json
import re
from typing import Any

from workloads.runtime.tool import Call, flags

STEP = re.compile(r'\.?(?:\["([^"]+)"\]|\[(-?\d{0,6})\]|([A-Za-z_]\w*)|"([^"]+)")')


class Wrong(Exception):
    """A filter or a value that does not fit."""


def jq(call: Call) -> int | None:
    options, words = flags(call.args)
    held = call.memory.setdefault("text", [])
    held.extend(text for _, text in call.chunks(words[1:]))
    if call.is_blocked:
        return None
    try:
        values = [json.loads("".join(held))]
        for part in (words[0] if words else ".").split("|"):
            values = [made for value in values for made in _apply(part.strip(), value)]
    except (ValueError, RecursionError):
        return call.usage("error: parse error: Invalid literal") and 2
    except Wrong as problem:
        call.complain(f"error: {problem}")
        return 5
    for value in values:
        plain = "r" in options and isinstance(value, str)
        call.out((value if plain else json.dumps(value, indent=None if "c" in options else 2)) + "\n")
    return 0


def _apply(part: str, value: Any) -> list[Any]:
    if part in (".", ""):
        return [value]
    if part == "keys" and isinstance(value, dict):
        return [sorted(value)]
    if part == "length" and isinstance(value, dict | list | str):
        return [len(value)]
    values, at = [value], 0
    while at < len(part):
        found = STEP.match(part, at)
        if found is None or found.end() == at:
            raise Wrong(f"this simulated jq does not know: {part}")
        at = found.end()
        values = [made for one in values for made in _step(one, found)]
    return values


def _step(value: Any, found: re.Match[str]) -> list[Any]:
    key = found[1] or found[3] or found[4]
    if key is not None:
        if value is None:
            return [None]
        if not isinstance(value, dict):
            raise Wrong(f'Cannot index {type(value).__name__} with "{key}"')
        return [value.get(key)]
    if found[2] == "":
        return list(value.values() if isinstance(value, dict) else value or [])
    if not isinstance(value, list):
        raise Wrong("Cannot index with number")
    at = int(found[2])
    return [value[at] if -len(value) <= at < len(value) else None]
