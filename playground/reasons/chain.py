"""From a change to the change that made it necessary, and on to the first one. Pure; the log is a Protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from clusters.kinds.body import Body
from playground.timeline.line import Happened, Line, Name, because
from playground.timeline.sentences import told
from playground.timeline.teller import Entry

LONGEST = 12
MACHINE_ROOM = "machine.podium.dev/"  # what the API does not serve has no page


class Log(Protocol):
    """What the chain reads of a cluster's log."""

    def at(self, revision: int) -> tuple[Entry, int | None] | None:
        """The line of this revision and its cause; None where it was compacted."""

    def before(self, entry: Entry) -> Body | None:
        """The same object before this line."""


def chain(log: Log, revision: int) -> Iterator[Line]:
    """The change, then its cause, then the cause's cause. It ends where nobody made it necessary, or the log does."""
    seen = 0
    at: int | None = revision
    while at is not None and seen < LONGEST:
        found = log.at(at)
        if found is None:
            return
        entry, cause = found
        yield line_of(entry, log.before(entry))
        at, seen = cause, seen + 1


def line_of(entry: Entry, before: Body | None) -> Line:
    """The feed's sentence; where the feed would say nothing, the plain fact with its reason."""
    happened = Happened(entry.op, entry.resource, entry.body, before, entry.actor, entry.why)
    sentence, tone = told(happened) or plainly(happened)
    return Line(entry.revision, entry.at, entry.actor, sentence, tone)


def plainly(happened: Happened) -> tuple[tuple[str | Name, ...], str]:
    verb = {"ADDED": "made", "DELETED": "removed"}.get(happened.op, "changed")
    kind, name = str(happened.after.get("kind", "object")), happened.name
    served = not str(happened.after.get("apiVersion", "")).startswith(MACHINE_ROOM)
    return (f"{verb} {kind} ", name if served else name.name, because(happened.why)), ""
