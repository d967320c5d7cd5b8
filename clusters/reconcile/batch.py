"""What is stored at once: changes in order, machine objects once each (DESIGN: Three inks)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.admission.apply import ADDED, DELETED, MODIFIED, Change
from clusters.kinds.body import Body, Key
from clusters.reconcile.clock import Time


@dataclass(slots=True)
class Entry:
    """One change with who made it, the revision that made it necessary, and when (cluster time)."""

    change: Change
    actor: str
    cause: int
    why: str
    at: Time
    revision: int = 0


def stamped(body: Body, revision: int) -> Body:
    """The body with this `metadata.resourceVersion`."""
    return {**body, "metadata": {**body["metadata"], "resourceVersion": str(revision)}}


def once_each(entries: Sequence[Entry]) -> list[Entry]:
    """Several writes of one machine object as one: the last state, against what was stored before the first."""
    net: dict[tuple[str, Key], Entry] = {}
    for entry in entries:
        change = entry.change
        place = (change.kind.plural, change.key)
        first = net.pop(place, None)
        if first is None:
            net[place] = Entry(change, entry.actor, entry.cause, entry.why, entry.at)
        elif first.change.op == ADDED and change.op == DELETED:
            continue
        else:
            net[place] = Entry(_joined(first.change, change), entry.actor, entry.cause, entry.why, entry.at)
    return list(net.values())


def _joined(first: Change, last: Change) -> Change:
    if first.op == DELETED:  # removed and made again
        op = MODIFIED
    else:
        op = ADDED if first.op == ADDED else last.op
    return Change(op, last.kind, last.key, last.new, first.old)
