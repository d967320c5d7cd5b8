"""One cluster in this worker's hands: its warm informers, and one slice of work at a time."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import psycopg
from django.db import transaction
from psycopg.rows import namedtuple_row

from clusters.engine import assembly, inbox
from clusters.kinds.body import Body, Key, dig
from clusters.reconcile.batch import Entry
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.loop import Loop
from clusters.reconcile.message import Message
from clusters.store import blobs
from clusters.store.announce import publish
from clusters.store.clock import Clock, missed_by, wall_now
from clusters.store.commit import Conflict, Stale, store, store_output
from clusters.store.event import Event
from clusters.store.pool import raw
from clusters.store.read import changes

log = logging.getLogger(__name__)

SLICE_SECONDS, SLICE_WRITES = 0.05, 200
# a cluster that nobody touched for so long sleeps
SLEEPS_AFTER = 600 * SECOND
SLEEPS_UNDER_TRAFFIC_AFTER = 3600 * SECOND  # requests keep it awake, but not for ever when nobody looks
STEP_WRITES = 2000  # after so many that nobody sees a step ends all the same
CATCH_UP = 2000  # lines of the log read at once
REAP = 10.0  # seconds between two looks for sessions that nobody wants any more

LOAD = """SELECT c.revision, o.resource, o.namespace, o.name, o.body::text
FROM clusters_cluster c LEFT JOIN clusters_kubeobject o ON o.cluster_id = c.id WHERE c.id = %s"""
FIELDS = (
    "id, revision, epoch, worker, timings, limits, seed, anchor_wall, anchor_cluster, speed, paused, asleep, step,"
    " next_due, driven_at, pinned, extract(epoch FROM now() - touched_at) AS untouched"
)
TAKE = f"""UPDATE clusters_cluster SET epoch = epoch + 1, worker = %s
WHERE id = %s AND worker <> %s RETURNING {FIELDS}"""

READ = f"SELECT {FIELDS} FROM clusters_cluster WHERE id = %s"
ADVANCE = """UPDATE clusters_cluster SET revision = revision + %s WHERE id = %s AND epoch = %s RETURNING revision"""
# next_due: an API write in between has set it to its own moment, which must not be overwritten by a later one
REST = """UPDATE clusters_cluster SET driven_at = %s, lag = %s, anchor_wall = %s, anchor_cluster = %s, asleep = %s,
 step = '', next_due = CASE WHEN revision > %s THEN LEAST(%s, COALESCE(next_due, %s)) ELSE %s END
WHERE id = %s AND epoch = %s AND speed = %s AND paused = %s RETURNING next_due"""


class Driver:
    """Rebuilt from the log by any worker at any time; kept only because warm informers are quick."""

    def __init__(self, cluster_id: int, worker: str) -> None:
        self.cluster_id = cluster_id
        self.used_at = 0.0
        self.heard = 0  # messages from outside that the last slice found
        self._worker = worker
        self._loop: Loop | None = None
        self._epoch = -1
        self._has_more = False  # messages from outside
        self._reaped_at = time.monotonic()
        self._silent: set[str] = set()  # sessions of which nothing was heard when they were last asked after

    def slice(self) -> int | None:
        """Run what is due, for 50 ms or 200 writes. Gives the wall time at which it wants to run again, or None."""
        self.used_at = time.monotonic()
        heard = inbox.begun(self.cluster_id)
        self.heard = len(heard)
        row = self._lease()
        if row is None:
            return None
        wall = wall_now()
        clock = _clock(row, wall)
        if row.asleep:
            return None
        try:
            loop = self._caught_up(row, clock.at(wall))
            while self._hear(loop, row, clock, heard) and heard and time.monotonic() < self.used_at + SLICE_SECONDS / 2:
                heard = inbox.more(self.cluster_id)
            self._run(loop, row, clock)
            return self._ended(loop, row, clock)
        except Stale:
            self._loop = None
            return None

    # the lease and the informers

    def _lease(self) -> Any:
        with psycopg.Cursor(raw(), row_factory=namedtuple_row) as cursor:
            row: Any = cursor.execute(READ.encode(), (self.cluster_id,)).fetchone()
            if row is not None and row.worker != self._worker:
                row = cursor.execute(TAKE.encode(), (self._worker, self.cluster_id, self._worker)).fetchone()
            if row is not None and row.epoch != self._epoch:
                self._loop, self._epoch = None, row.epoch
        return row

    def _caught_up(self, row: Any, now: Time) -> Loop:
        if self._loop is None:
            self._loop = self._loaded(row, now)
        while self._loop.revision < row.revision:
            events = changes(self.cluster_id, self._loop.revision, CATCH_UP)
            if not events:
                break
            for event in events:
                self._take(self._loop, event)
        return self._loop

    def _loaded(self, row: Any, now: Time) -> Loop:
        with psycopg.Cursor(raw()) as cursor:
            rows = cursor.execute(LOAD.encode(), (self.cluster_id,)).fetchall()
        world = assembly.world(row.timings, row.seed, orjson.loads(row.limits))
        loop = Loop(world, rows[0][0] if rows else 0, _failed)
        rows = [row for row in rows if row[4]]
        bodies = blobs.whole(self.cluster_id, [(row[1], row[4]) for row in rows])
        found = [(row[1], Key(row[2], row[3]), body) for row, body in zip(rows, bodies, strict=True)]
        loop.load(found, now)
        gc.freeze()  # informers live long: a full collection over 20,000 pods takes 0.3 s
        return loop

    def _take(self, loop: Loop, event: Event) -> None:
        key, body = Key(event.namespace, event.name), blobs.parsed(self.cluster_id, event.resource, event.body)
        loop.take(event.op, event.resource, key, body, event.revision, event.at)

    # one slice

    def _run(self, loop: Loop, row: Any, clock: Clock) -> None:
        if row.paused:
            self._step(loop, row)
        else:
            loop.run(clock.at(wall_now()), _enough())

    def _hear(self, loop: Loop, row: Any, clock: Clock, found: Sequence[tuple[str, Message]]) -> bool:
        """What came from outside, answered before all else; also while the clock stands still. False: not stored."""
        self._has_more = len(found) == inbox.MOST
        messages = [message for _, message in found] + self._orphans(loop)
        if not messages:
            return True
        due = loop.next_due()
        now = clock.at(wall_now())
        for message in messages:
            loop.hear(_timeless(message) if row.paused else message, now if due is None else min(now, due))
        if not self._commit(loop):
            return False
        if found:
            inbox.done(self.cluster_id, found[-1][0])
        return True

    def _orphans(self, loop: Loop) -> list[Message]:
        """The end of sessions whose client's process has died: nothing was heard of them twice in a row."""
        if time.monotonic() - self._reaped_at < REAP:
            return []
        self._reaped_at = time.monotonic()
        boxes = [box for box in loop.objects.list("sandboxes") if box.get("sessions")]
        open_ = {name: (box, session) for box in boxes for name, session in box["sessions"].items()}
        silent, before = inbox.silent(open_), self._silent
        self._silent = silent
        return [_end(name, *open_[name]) for name in sorted(silent & before)]

    def _step(self, loop: Loop, row: Any) -> None:
        """A paused cluster goes on to the next change that can be seen, or through the next timer, when asked to."""
        until, begun = loop.next_due(), len(loop.entries)
        while row.step and until is not None:
            loop.run(until, _enough())
            new = loop.entries[begun:]
            if row.step == "timer" or len(new) > STEP_WRITES or any(map(_is_seen, new)):
                break
            until = loop.next_due()

    def _ended(self, loop: Loop, row: Any, clock: Clock) -> int | None:
        """Store what the slice wrote and, in the same transaction, when the cluster is due again."""
        wanted: list[int | None] = []
        self._commit(loop, lambda: wanted.append(self._rest(loop, row, clock)))
        return wanted[-1]

    def _commit(self, loop: Loop, also: Callable[[], None] = lambda: None) -> bool:
        """Whether it is durable; who waits outside is told then. `also` is done with it, or without it if it fails."""
        outputs, replies = loop.outputs, loop.replies
        entries = loop.drain()
        events: list[Event] = []
        shift, first = 0, 0
        try:
            if entries or outputs:
                with transaction.atomic():
                    last = self._advance(len(entries))
                    first = last - len(entries) + 1
                    if entries:
                        shift = first - entries[0].revision
                        events = store(self.cluster_id, entries, first, wall_now())
                    if outputs:
                        store_output(self.cluster_id, outputs, last)
                    also()
            else:
                also()
        except Conflict:
            loop.undo()
            also()
            return False
        self._after_commit(loop, shift, first)
        if replies:
            inbox.send_replies(replies)
        if events:
            publish(self.cluster_id, events)
        return True

    def _advance(self, count: int) -> int:
        with psycopg.Cursor(raw()) as cursor:
            found = cursor.execute(ADVANCE.encode(), (count, self.cluster_id, self._epoch)).fetchone()
        if found is None:
            raise Stale
        revision: int = found[0]
        return revision

    def _after_commit(self, loop: Loop, shift: int, first: int) -> None:
        """Where the API wrote in between, its lines come before ours in the log: take them now."""
        missed = changes(self.cluster_id, first - 1 - shift, shift) if shift else []
        loop.stored(shift)
        for event in missed:
            self._take(loop, event)

    def _rest(self, loop: Loop, row: Any, clock: Clock) -> int | None:
        """Say in the row when there is something to do again; on a slice's end nothing else is remembered."""
        wall = wall_now()
        due = loop.next_due()
        patience = SLEEPS_UNDER_TRAFFIC_AFTER if _has_traffic(loop) else SLEEPS_AFTER
        sleeps = not row.pinned and not row.paused and row.untouched * SECOND > patience
        next_due = None if due is None or sleeps or row.paused else clock.wall_of(due)
        lag = 0 if due is None or row.paused else max(0, clock.at(wall) - due)
        anchor = (wall, _stepped(loop, row, clock)) if row.paused else (clock.wall, clock.cluster)
        if sleeps:
            anchor = (wall, clock.at(wall))
        values = (wall, lag, *anchor, sleeps, loop.revision, next_due, wall, next_due)
        with psycopg.Cursor(raw()) as cursor:
            found = cursor.execute(
                REST.encode(), (*values, self.cluster_id, self._epoch, row.speed, row.paused)
            ).fetchone()
        if found is None:  # the clock was changed in between: look again with the new one
            return wall
        wanted: int | None = found[0]
        return wall if self._has_more else wanted


def _clock(row: Any, wall: int) -> Clock:
    missed = missed_by(row, wall)
    return Clock(row.anchor_wall + missed, row.anchor_cluster, row.speed, row.paused or row.asleep)


def _has_traffic(loop: Loop) -> bool:
    return any(dig(one, "status.phase") == "Running" for one in loop.objects.list("traffic"))


def _timeless(message: Message) -> Message:
    """Where the clock stands still, what somebody asks for gets its CPU all the same."""
    return Message(message.name, message.to, message.about, {**message.data, "timeless": True})


def _end(name: str, box: Body, session: Body) -> Message:
    return Message("session", session["to"], Key(**box["pod"]), {"s": name, "do": "end", "q": 0})


def _stepped(loop: Loop, row: Any, clock: Clock) -> Time:
    return max(clock.cluster, loop.reached) if row.step else clock.cluster


def _is_seen(entry: Entry) -> bool:
    """A heartbeat, or a crowd's book-keeping, is no change that anybody steps to."""
    kind = entry.change.kind
    return kind.plural == "machines" or (kind.served and kind.plural != "leases")


def _enough() -> Callable[[int], bool]:
    end = time.perf_counter() + SLICE_SECONDS
    return lambda written: written >= SLICE_WRITES or time.perf_counter() > end


def _failed(component: str, key: Key, error: Exception) -> None:
    log.error("%s failed on %s and will try again", component, key, exc_info=error)
