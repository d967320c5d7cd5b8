"""JSON merge patch (RFC 7386): `application/merge-patch+json`."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from clusters.kinds.problem import Status


def apply_merge(old: Body, patch: Any) -> Body:
    """A null removes, an object is merged, all else replaces."""
    if not isinstance(patch, dict):
        raise Status.bad_request("json: cannot unmarshal patch into Go value of type map[string]interface {}")
    found: Body = _merged(old, patch)
    return found


def _merged(old: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    found = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), value)
    return found
