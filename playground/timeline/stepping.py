"""From one change to the next that can be told in a sentence: a heartbeat is none."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from clusters.models import Change, Cluster
from clusters.reconcile.clock import Time
from playground.timeline.line import Happened, Line
from playground.timeline.sentences import RESOURCES, told

MOST = 400  # lines looked at for one step
FIELDS = ("revision", "op", "resource", "uid", "actor", "why", "at", "body")


def beside(cluster: Cluster, revision: int, *, forward: bool) -> dict[str, Any] | None:
    """The revision, its time and its sentence; None at the log's end."""
    lines = Change.objects.filter(cluster=cluster, resource__in=RESOURCES)
    if forward:
        rows = lines.filter(revision__gt=revision).order_by("revision")
    else:
        rows = lines.filter(revision__lt=revision, revision__gt=cluster.floor).order_by("-revision")
    for row in rows.values_list(*FIELDS)[:MOST].iterator(20):
        line = _line(cluster, *row)
        if line is not None:
            return {"revision": line.revision, "at": line.at, "words": str(line)}
    return None


def _line(
    cluster: Cluster, revision: int, op: str, resource: str, uid: str, actor: str, why: str, at: Time, body: Body
) -> Line | None:
    before = None
    if op != "ADDED":
        own = Change.objects.filter(cluster=cluster, uid=uid, revision__lt=revision)
        before = own.order_by("-revision").values_list("body", flat=True).first()
    found = told(Happened(op, resource, body, before, actor, why))
    return Line(revision, at, actor, *found) if found else None
