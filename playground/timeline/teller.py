"""Tells a cluster's log as it grows: remembers each object's last state, since a line has only the state after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, controller_of
from clusters.reconcile.clock import Time
from playground.timeline.line import Happened, Line
from playground.timeline.runs import Runs
from playground.timeline.sentences import told

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the teller needs of a line of the log."""

    revision: int
    op: str
    resource: str
    namespace: str
    name: str
    actor: str
    why: str
    at: Time
    body: Body


class Teller:
    """Feed it the log in order. `lines` has the newest first; beyond `KEPT` runs the oldest are forgotten."""

    def __init__(self, revision: int = 0) -> None:
        self.revision = revision
        self._runs = Runs()
        self._known: dict[Place, Body] = {}

    def hear(self, entries: Iterable[Entry]) -> None:
        for event in entries:
            if event.revision > self.revision:
                self.revision = event.revision
                self._tell(event)

    def lines(self, most: int) -> Sequence[Line]:
        return self._runs.lines(most)

    def _tell(self, event: Entry) -> None:
        place = (event.resource, event.namespace, event.name)
        after = event.body
        before = self._known.get(place)
        if event.op == "DELETED":
            self._known.pop(place, None)
        else:
            self._known[place] = after
        found = told(Happened(event.op, event.resource, after, before, event.actor, event.why))
        if found:
            sentence, tone = found
            owner = controller_of(after) if event.resource == "pods" else None
            of = str(owner["name"]) if owner else ""
            self._runs.add(Line(event.revision, event.at, event.actor, sentence, tone, of))
