"""One object through time: its own changes in the log, newest first, each with what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.models import Change, Cluster
from clusters.reconcile.clock import Time, rfc3339
from playground.timeline.differences import Difference, differences

MOST = 60
FIELDS = ("revision", "op", "actor", "why", "at", "body")


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the object. `is_first`: what it was before is not known any more."""

    revision: int
    op: str
    actor: str
    why: str
    at: Time
    changed: Sequence[Difference]
    is_first: bool

    @property
    def clock(self) -> str:
        return rfc3339(self.at)[11:19]


def changes_of(cluster: Cluster, uid: str) -> list[Step]:
    """At most MOST of them."""
    lines = Change.objects.filter(cluster=cluster, uid=uid)
    rows = list(lines.order_by("-revision").values_list(*FIELDS)[: MOST + 1])
    steps = []
    for index, (revision, op, actor, why, at, body) in enumerate(rows[:MOST]):
        before = rows[index + 1] if index + 1 < len(rows) else None
        was = before[-1] if before and op == "MODIFIED" else None
        changed = differences(was, body) if was is not None else ()
        steps.append(Step(revision, op, actor, why, at, changed, op == "MODIFIED" and was is None))
    return steps
