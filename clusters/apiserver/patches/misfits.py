"""What is said of a strategic merge patch that fits no object (apimachinery: FromUnstructured; Go's own %v)."""

from __future__ import annotations

import re
from typing import Any

UNMARSHAL = re.compile(r"json: cannot unmarshal (\w+)(?: \S+)? into Go .*of type (\S+)")
KINDS = {"object": "map", "array": "slice", "number": "int64"}


def restoring(wrong: str) -> str:
    """The decoder's sentence as the converter puts it, which never sees JSON."""
    found = UNMARSHAL.fullmatch(wrong)
    if not found:
        return wrong
    what, wanted = KINDS.get(found[1], found[1]), found[2]
    if wanted.startswith("[]"):
        return f"cannot restore slice from {what}"
    if wanted.startswith("map["):
        return f"cannot restore map from {what}"
    if "." in wanted:
        return f"cannot restore struct from: {what}"
    return "cannot convert int64 to string" if (what, wanted) == ("int64", "string") else f"unrecognized type: {wanted}"


def printed(value: Any) -> str:
    """The value as Go prints it: `map[spec:map[replicas:x]]`."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{printed(inner)}' for key, inner in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(printed(inner) for inner in value)}]"
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else str(value)
