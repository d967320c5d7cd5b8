"""One task a cluster reads its channel, mends gaps from the log, and hands each change to every subscriber here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic

import redis.asyncio as aioredis
from asgiref.sync import sync_to_async
from django.conf import settings

from clusters.engine.clock import touch
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.store.announce import channel
from clusters.store.clock import Clock, clock_of
from clusters.store.event import Event, unpacked
from clusters.store.pool import pool
from clusters.store.read import achanges

log = logging.getLogger(__name__)

CHECK = 1.0  # seconds after which a silent channel is not believed
TOUCH = 60.0  # seconds between two signs of life, so that a watched cluster stays awake
QUEUE = 500  # batches that a subscriber may be behind
CATCH_UP = 1000  # lines of the log read at once
PAUSE = 1.0  # seconds before a broken subscription is tried again
BOUNDS = "SELECT revision, floor FROM clusters_cluster WHERE id = %s"


class Lagged(Exception):
    """This reader was too slow: begin anew from a list."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes in order of revision, up to `revision`; the clock where it was set otherwise."""

    revision: int
    events: Sequence[Event]
    clock: Clock | None = None


class Source:
    """A cluster as this process serves it."""

    def __init__(self, cluster_id: int) -> None:
        self.cluster_id = cluster_id
        self.revision = -1
        self.readers: list[asyncio.Queue[Batch | None]] = []
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._touched_at = 0.0

    async def start(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._supervise())
        await self._ready.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _supervise(self) -> None:
        """One exception in a reader of Redis would silence everybody: begin again, the log fills the gap."""
        while True:
            try:
                await self._listen()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the feed of cluster %s begins again", self.cluster_id)
                with suppress(Exception):
                    await self._catch_up()
                self._ready.set()
                await asyncio.sleep(PAUSE)

    async def _listen(self) -> None:
        async with _redis() as client, client.pubsub() as channel_:
            await channel_.subscribe(channel(self.cluster_id))
            if self.revision < 0:
                self.revision = await _revision(self.cluster_id)
            self._ready.set()
            checked_at = 0.0
            while True:
                message = await channel_.get_message(ignore_subscribe_messages=True, timeout=CHECK)
                if message is not None:
                    await self._heard(message["data"])
                if monotonic() - checked_at >= CHECK:
                    checked_at = monotonic()
                    await self._check()

    async def _heard(self, message: bytes) -> None:
        if message[:1] == b"C":
            self._tell(Batch(self.revision, (), await _clock(self.cluster_id)))
            return
        events = [event for event in unpacked(message[1:]) if event.revision > self.revision]
        if not events:
            return
        if events[0].revision == self.revision + 1:
            self._pass_on(events)
        else:
            await self._catch_up()

    async def _check(self) -> None:
        """Redis may have lost the last message: once a second the row is asked. A watched cluster stays awake."""
        if await _revision(self.cluster_id) > self.revision:
            await self._catch_up()
        if self.readers and monotonic() - self._touched_at > TOUCH:
            self._touched_at = monotonic()
            with suppress(Cluster.DoesNotExist):
                await sync_to_async(touch)(self.cluster_id)

    async def _catch_up(self) -> None:
        while events := await self._read():
            self._pass_on(events)

    async def _read(self) -> list[Event]:
        try:
            return await achanges(self.cluster_id, self.revision, CATCH_UP)
        except Status:  # compacted beyond our place: every reader has to list again
            self.revision = await _revision(self.cluster_id)
            for queue in self.readers:
                _drop(queue)
            return []

    def _pass_on(self, events: Sequence[Event]) -> None:
        self.revision = events[-1].revision
        self._tell(Batch(self.revision, events))

    def _tell(self, batch: Batch) -> None:
        for queue in list(self.readers):
            try:
                queue.put_nowait(batch)
            except asyncio.QueueFull:
                _drop(queue)


_sources: dict[tuple[asyncio.AbstractEventLoop, int], Source] = {}


@asynccontextmanager
async def subscribe(
    cluster_id: int, since: int | None = None, tick: float = 0.0
) -> AsyncIterator[AsyncIterator[Batch]]:
    """Batches of what happens after the revision `since` (None: from now on), gathered for `tick` seconds.

    Raises Status "gone" where the log does not reach back so far; the iterator raises Lagged when its reader is slow.
    """
    place = (asyncio.get_running_loop(), cluster_id)
    source = _sources.setdefault(place, Source(cluster_id))
    queue: asyncio.Queue[Batch | None] = asyncio.Queue(QUEUE)
    source.readers.append(queue)  # before it is there, so that nobody ends it while somebody waits for it
    try:
        await source.start()
        begin = source.revision if since is None else since
        yield _batches(cluster_id, queue, begin, source.revision, tick)
    finally:
        source.readers.remove(queue)
        if not source.readers:
            _sources.pop(place, None)
            await source.stop()


async def _batches(
    cluster_id: int, queue: asyncio.Queue[Batch | None], seen: int, present: int, tick: float
) -> AsyncIterator[Batch]:
    while seen < present:
        events = await achanges(cluster_id, seen, CATCH_UP)
        if not events:
            break
        seen = events[-1].revision
        yield Batch(seen, events)
    while True:
        gathered = [await queue.get()]
        if tick:
            await asyncio.sleep(tick)
        while not queue.empty():
            gathered.append(queue.get_nowait())
        batch = _joined(gathered, seen)
        if batch is not None:
            seen = batch.revision
            yield batch


def _joined(batches: Sequence[Batch | None], seen: int) -> Batch | None:
    events: list[Event] = []
    clock = None
    for batch in batches:
        if batch is None:
            raise Lagged
        events += [event for event in batch.events if event.revision > seen]
        clock = batch.clock or clock
    if not events and clock is None:
        return None
    return Batch(events[-1].revision if events else seen, events, clock)


def _drop(queue: asyncio.Queue[Batch | None]) -> None:
    """Leave nothing but the word that something was missed."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)


def _redis() -> aioredis.Redis:
    return aioredis.Redis.from_url(settings.REDIS_URL, socket_timeout=None, health_check_interval=0)


async def _revision(cluster_id: int) -> int:
    async with (await pool()).connection() as connection:
        row = await (await connection.execute(BOUNDS.encode(), (cluster_id,))).fetchone()
    return int(row[0]) if row else -1


async def _clock(cluster_id: int) -> Clock | None:
    cluster = await Cluster.objects.filter(pk=cluster_id).afirst()
    return clock_of(cluster) if cluster else None
