"""The end of Events: an hour after they were last seen, by the minute (kube-apiserver: --event-ttl, etcd's leases)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import HOUR, MINUTE, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, LookAgain, Write

KEPT = HOUR


class Minutes:
    """Events by the minute in which they were last seen: as etcd's, they share one lease for a minute."""

    resources = ("events",)

    def __init__(self) -> None:
        self.events: dict[str, dict[Key, None]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if old is not None:
            minute = _minute(old)
            held = self.events.get(minute)
            if held is not None:
                held.pop(key_of(old), None)
                if not held:
                    del self.events[minute]
        if new is not None:
            self.events.setdefault(_minute(new), {})[key_of(new)] = None


def its_minute(new: Body | None, _: Body | None, __: View) -> Iterable[Key]:
    """A key stands for a minute: there is one timer for all that was seen in it."""
    return (Key("", _minute(new)),) if new is not None else ()


CONTROLLER = Controller("kube-apiserver", primary="events", mapper=its_minute, cache=Minutes)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Remove the minute's Events when their hour is over."""
    held = view.cache.events.get(key.name)
    if not held:
        return
    due = parse(f"{key.name}:00Z") + MINUTE + KEPT
    if view.now < due:
        yield LookAgain(due)
        return
    for name in sorted(held):
        event = view.get("events", name)
        if event is not None:
            yield Delete("events", event, because=event, why="Events are kept for an hour.")


def _minute(event: Body) -> str:
    """`2026-01-05T09:00`."""
    series: str = (event.get("series") or {}).get("lastObservedTime") or ""
    stamps = (series, event.get("lastTimestamp") or "", event["metadata"].get("creationTimestamp") or "")
    return max(stamps)[:16]
