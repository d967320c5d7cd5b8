"""Who is scheduled next: pods to be tried, pods in back-off, and pods that no node would take (internal/queue)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

from sortedcontainers import SortedSet

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import MINUTE, SECOND, Time, parse
from workloads.scheduler.attempts import Attempts
from workloads.scheduler.framework import Change

FIRST_BACKOFF, MOST_BACKOFF = SECOND, 10 * SECOND  # podInitialBackoffSeconds, podMaxBackoffSeconds
FLUSH = 5 * MINUTE  # podMaxInUnschedulablePodsDuration


class Next(NamedTuple):
    """The pod to try, what made it necessary, and whether it is tried only because it has waited so long."""

    key: Key
    because: Body | None
    is_flushed: bool


@dataclass(slots=True)
class Entry:
    """A pod in the queue. `number` tells the entry's present place in a heap from its former ones."""

    key: Key
    uid: str
    rank: Any
    number: int
    because: Body | None = None
    is_flushed: bool = False
    kin: bytes | None = None  # while it waits among the unschedulable
    told: str | None = None  # the message it was refused with; None: it was not refused


@dataclass(slots=True)
class Group:
    """Unschedulable pods on which all plugins judge alike: what helps one helps the others."""

    helps: frozenset[Change]
    pods: Any = field(default_factory=SortedSet)  # (rank, key)


class Queue:
    """Pods that are alike are tried one after the other.

    What refuses the first of them refuses all; when it gets a node, or is refused for new reasons, the next is tried.
    """

    def __init__(self, rank: Callable[[Body, Time], Any]) -> None:
        self.attempts = Attempts()
        self.is_stirred = False  # something may have become due since the last `pop`
        self._rank = rank
        self._numbers = count(1)
        self._entries: dict[Key, Entry] = {}
        self._active: list[tuple[Any, int, Key]] = []
        self._backing: list[tuple[Time, int, Key]] = []
        self._flush: list[tuple[Time, int, Key]] = []
        self._groups: dict[bytes, Group] = {}

    def offer(self, pod: Body, because: Body | None = None) -> None:
        """The pod shall be tried, once its back-off is over."""
        key, uid = key_of(pod), str(pod["metadata"].get("uid") or "")
        self.drop(key)
        since = self.attempts.last(uid) or parse(pod["metadata"].get("creationTimestamp") or "1970-01-01T00:00:00Z")
        rank = self._rank(pod, since)
        self._entries[key] = entry = Entry(key, uid, (*rank, key), 0, because)
        self._back(entry, self.attempts.until(uid, FIRST_BACKOFF, MOST_BACKOFF))

    def drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._leave_group(entry)

    def stir(self, changes: Iterable[Change], because: Body | None) -> None:
        """Something happened: the first of each kin that it may help is tried."""
        happened = frozenset(changes)
        if happened and self._groups:
            groups = [group for group in self._groups.values() if not group.helps.isdisjoint(happened)]
            for _, key in sorted(group.pods[0] for group in groups):
                self._wake(key, because)

    def stir_all(self, because: Body | None) -> None:
        """The rules are others: the first of each kin is tried again."""
        for _, key in sorted(group.pods[0] for group in self._groups.values()):
            self._wake(key, because)

    def pop(self, now: Time) -> Next | None:
        """The pod of the highest rank that may be tried now."""
        self.is_stirred = False
        self._activate(now)
        while self._active:
            _, number, key = heappop(self._active)
            entry = self._standing(key, number)
            if entry is not None:
                del self._entries[key]
                return Next(key, entry.because, entry.is_flushed)
        return None

    def next_due(self, now: Time) -> Time | None:
        """When `pop` may have something again."""
        self._activate(now)
        for heap in (self._active, self._backing, self._flush):
            while heap and self._standing(heap[0][2], heap[0][1]) is None:
                heappop(heap)
        if self._active:
            return now
        return min((heap[0][0] for heap in (self._backing, self._flush) if heap), default=None)

    def wait(self, pod: Body, kin: bytes, helps: frozenset[Change], told: str | None, since: Time) -> None:
        """No node would take it. `kin`: the same for pods on which all plugins judge alike; `since`: last told."""
        key, uid = key_of(pod), str(pod["metadata"].get("uid") or "")
        last = since // SECOND * SECOND  # as the event has it
        rank = (*self._rank(pod, last), key)
        self._entries[key] = entry = Entry(key, uid, rank, next(self._numbers), kin=kin, told=told)
        group = self._groups.setdefault(kin, Group(helps))
        group.helps = helps
        group.pods.add((rank, key))
        heappush(self._flush, (last + FLUSH, entry.number, key))

    def retry(self, pod: Body, at: Time, because: Body | None) -> None:
        """Something went wrong that is not the pod's fault."""
        self.offer(pod, because)
        self._back(self._entries[key_of(pod)], at)

    @property
    def has_refused(self) -> bool:
        """Some pod waits among the unschedulable."""
        return bool(self._groups)

    def next_of(self, kin: bytes, because: Body | None) -> None:
        """What was found out for one pod holds for the next one like it."""
        group = self._groups.get(kin)
        if group is not None:
            self._wake(group.pods[0][1], because)

    def next_after(self, pod: Body, kin: bytes, because: Body | None) -> None:
        """The next one in line behind a pod that was refused for new reasons."""
        entry, group = self._entries.get(key_of(pod)), self._groups.get(kin)
        later = group.pods.bisect_right((entry.rank, entry.key)) if entry and group else 0
        if group is not None and later < len(group.pods):
            self._wake(group.pods[later][1], because)

    def told(self, key: Key) -> str | None:
        """What an unschedulable pod was refused with; None for one that is not among these."""
        entry = self._entries.get(key)
        return entry.told if entry is not None and entry.kin is not None else None

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def _wake(self, key: Key, because: Body | None) -> None:
        entry = self._entries[key]
        self._leave_group(entry)
        entry.because = because
        self._back(entry, self.attempts.until(entry.uid, FIRST_BACKOFF, MOST_BACKOFF))

    def _back(self, entry: Entry, until: Time) -> None:
        entry.number = next(self._numbers)
        heappush(self._backing, (until, entry.number, entry.key))
        self.is_stirred = True

    def _activate(self, now: Time) -> None:
        for heap in (self._backing, self._flush):
            while heap and heap[0][0] <= now:
                _, number, key = heappop(heap)
                entry = self._standing(key, number)
                if entry is not None:
                    entry.is_flushed = heap is self._flush
                    self._leave_group(entry)
                    entry.number = next(self._numbers)
                    heappush(self._active, (entry.rank, entry.number, key))

    def _standing(self, key: Key, number: int) -> Entry | None:
        entry = self._entries.get(key)
        return entry if entry is not None and entry.number == number else None

    def _leave_group(self, entry: Entry) -> None:
        group = self._groups.get(entry.kin) if entry.kin is not None else None
        if group is not None and entry.kin is not None:
            group.pods.discard((entry.rank, entry.key))
            if not group.pods:
                del self._groups[entry.kin]
        entry.kin = None
