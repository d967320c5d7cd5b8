"""The chain's log, read from the database."""

from __future__ import annotations

from dataclasses import fields

from clusters.kinds.body import Body
from clusters.models import Change, Cluster
from playground.reasons.chain import chain
from playground.timeline.line import Line
from playground.timeline.teller import Entry

NAMES = tuple(field.name for field in fields(Entry))


class StoredLog:
    """One cluster's log."""

    def __init__(self, cluster: Cluster) -> None:
        self._lines = Change.objects.filter(cluster=cluster)

    def at(self, revision: int) -> tuple[Entry, int | None] | None:
        row = self._lines.filter(revision=revision).values_list(*NAMES, "cause").first()
        return None if row is None else (Entry(*row[:-1]), row[-1])

    def before(self, entry: Entry) -> Body | None:
        if entry.op == "ADDED":
            return None
        earlier = self._lines.filter(
            revision__lt=entry.revision, resource=entry.resource, namespace=entry.namespace, name=entry.name
        )
        found: Body | None = earlier.order_by("-revision").values_list("body", flat=True).first()
        return found

    def birth(self, uid: str) -> int | None:
        """The revision at which the object was made, while the log still has it."""
        return self._lines.filter(uid=uid, op="ADDED").values_list("revision", flat=True).first()


def why_here(cluster: Cluster, uid: str) -> list[Line]:
    """Why this object exists, from its making back to whoever began it. Empty where the log does not reach back."""
    log = StoredLog(cluster)
    revision = log.birth(uid)
    return [] if revision is None else list(chain(log, revision))


def why_so(cluster: Cluster, revision: int) -> list[Line]:
    """Why the change of this revision was made."""
    return list(chain(StoredLog(cluster), revision))
