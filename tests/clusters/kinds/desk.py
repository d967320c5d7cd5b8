"""What tests do with a Kind: fill in defaults, ask what is wrong, read the table's cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusters.admission.apply import fresh
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Kind
from clusters.reconcile.clock import SECOND, parse, rfc3339

BORN = parse("2026-01-05T09:00:00Z")
NOW = BORN + 90 * SECOND


def filled(kind: Kind, body: Body) -> Body:
    """A copy as it would be admitted: named, stamped, with defaults."""
    made: Body = fresh(body)
    home = {"namespace": "default"} if kind.namespaced else {}
    metadata = {"name": "it", **home, "creationTimestamp": rfc3339(BORN), "uid": "u"}
    made["metadata"] = metadata | (made.get("metadata") or {})
    made = {**made, "apiVersion": kind.api_version, "kind": kind.kind}
    kind.defaults(made)
    return made


def stored(kind: Kind, body: Body) -> Body:
    """The same with a revision: it exists already."""
    made = filled(kind, body)
    made["metadata"]["resourceVersion"] = "7"
    return made


def wrongs(kind: Kind, body: Body, old: Body | None = None) -> list[str]:
    """Everything that validation says about the object, or about its change from `old`."""
    made = filled(kind, body)
    return [str(error) for error in kind.validate(made, stored(kind, old) if old else None)]


def cells(kind: Kind, body: Body, *, wide: bool = False) -> Mapping[str, Any]:
    """The table's row by the names of its columns."""
    found = {}
    for column in kind.columns:
        if wide or not column.wide:
            value = column.value
            found[column.name] = dig(body, value) if isinstance(value, str) else value(body, NOW)
    return found
