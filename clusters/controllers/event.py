"""The end of Events: an hour after they were last seen (kube-apiserver: --event-ttl)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, dig, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import HOUR, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, LookAgain, Write

KEPT = HOUR


def new_ones(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """One timer an Event; what is counted up in the meantime is seen when it fires."""
    return (key_of(new),) if new is not None and old is None else ()


CONTROLLER = Controller("kube-apiserver", primary="events", mapper=new_ones)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Remove the Event when its hour is over."""
    event = view.get("events", key)
    if event is None:
        return
    stamps = [event["metadata"].get("creationTimestamp"), event.get("lastTimestamp")]
    stamps.append(dig(event, "series.lastObservedTime"))
    due = max(parse(stamp) for stamp in stamps if stamp) + KEPT
    if due <= view.now:
        yield Delete("events", event, because=event, why="Events are kept for an hour.")
    else:
        yield LookAgain(due)
