"""Conditions as objects carry them in their status (Kubernetes: API conventions, typical status properties)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body
from clusters.reconcile.clock import Time, rfc3339


def condition_of(body: Body, type_: str) -> Body | None:
    """The condition of this type in the object's status."""
    return find(conditions_of(body), type_)


def conditions_of(body: Body) -> Sequence[Body]:
    """`status.conditions`, empty where there are none."""
    return (body.get("status") or {}).get("conditions") or ()


def find(conditions: Sequence[Body], type_: str) -> Body | None:
    """The condition of this type among these."""
    for condition in conditions:
        if condition["type"] == type_:
            return condition
    return None


def is_true(body: Body, type_: str) -> bool:
    """Whether the object says so itself; a missing condition is not true."""
    found = condition_of(body, type_)
    return found is not None and found["status"] == "True"


def with_condition(conditions: Sequence[Body], new: Body, now: Time) -> list[Body]:
    """These conditions with `new` in its type's place; `lastTransitionTime` moves only when the status does."""
    known = find(conditions, new["type"])
    moved = known is None or known["status"] != new["status"]
    since = rfc3339(now) if known is None or moved else known.get("lastTransitionTime") or rfc3339(now)
    stamped = {**new, "lastTransitionTime": since}
    if known is None:
        return [*conditions, stamped]
    return [stamped if condition is known else condition for condition in conditions]


def without_condition(conditions: Sequence[Body], type_: str) -> list[Body]:
    """These conditions without that type."""
    return [condition for condition in conditions if condition["type"] != type_]
