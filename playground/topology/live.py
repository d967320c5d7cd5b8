"""One board for each cluster that this process shows, fed from its log; each frame is built once for all pages."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex
from time import monotonic

from clusters.feed import Batch, Lagged, subscribe
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.reconcile.timings import KUBERNETES, PROFILES
from clusters.store.clock import Clock, clock_of, wall_now
from playground.topology.board import Board
from playground.topology.building import built
from playground.topology.frames import Frames

log = logging.getLogger(__name__)

TICK = 0.04  # seconds in which changes are gathered into one frame
EACH = 0.0006  # seconds more for each page: telling it takes about a sixth of that
KEPT, KEPT_BYTES = 2000, 4_000_000  # frames, and bytes of them, that are kept for pages that come back
QUEUE = 100  # frames that a page may be behind before it gets a new snapshot
ALIVE = 10.0  # seconds after which a cluster is asked whether it still exists
MEASURED = 2.0  # seconds between two looks at what is used
PAUSE = 1.0  # seconds before a broken board is built again
LINGER = 30.0  # seconds that a board is kept after its last page: who reloads comes back at once
CLOSE = None  # in a page's queue: the cluster is gone

Queue = asyncio.Queue[bytes | None]
Place = Sequence[object]  # where a page stands: the name of its sequence of frames, and the last one's number


class Live:
    """A cluster on this process's pages."""

    def __init__(self, cluster_id: int) -> None:
        self.cluster_id = cluster_id
        self._frames = Frames(Board(), "")
        self._patience = KUBERNETES.monitor_grace
        self._clock: Clock | None = None
        self.pages: list[Queue] = []
        self._kept: deque[bytes] = deque()  # the last frames
        self._kept_bytes = 0
        self._sent_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._failure: Exception | None = None
        self._built = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def join(self, since: Place | None) -> Queue:
        """Frames from now on, beginning with those that came after the place `since`, or with everything."""
        frames: Queue = asyncio.Queue()
        self.pages.append(frames)
        if self._task is None:
            self._task = asyncio.create_task(self._supervise())
        try:
            await self._built.wait()
        except asyncio.CancelledError:  # the page went before there was a picture
            self.pages.remove(frames)
            raise
        missed = self._missed(since)
        while not frames.empty():  # what was told while the board was built is in what comes now
            frames.get_nowait()
        for frame in missed:
            frames.put_nowait(frame)
        return frames

    @property
    def is_built(self) -> bool:
        return self._built.is_set() and self._frames.board.revision > 0

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def copy(self) -> tuple[Board, int]:
        """The board, and the revision up to which all of the log is in it."""
        return self._frames.board.copy(), self._frames.board.revision

    def _missed(self, since: Place | None) -> list[bytes | None]:
        if self._clock is None:
            return [CLOSE]
        count = self._behind(since)
        if count is None:
            return [self._snapshot()]
        missed = list(self._kept)[len(self._kept) - count :]
        return [*missed, self._frames.nothing_new(self._clock, wall_now())]

    def _behind(self, since: Place | None) -> int | None:
        """How many frames a page has missed; None when it has to begin anew."""
        match since:
            case [self._frames.name, int(number)] if 0 <= (count := self._frames.number - number) <= len(self._kept):
                return count
        return None

    def _snapshot(self) -> bytes:
        """All rows. Changes that wait for the next tick are sent first, so that nobody misses them."""
        self._send(None)
        assert self._clock is not None
        return self._frames.snapshot(self._clock, wall_now())

    async def _supervise(self) -> None:
        """Builds the board, and again whenever its reader was too slow or something broke."""
        while self._clock is not None or not self._built.is_set():
            try:
                await self._follow_while_there()
            except (Lagged, Status) as reason:
                if isinstance(reason, Status) and reason.code == 404:
                    self._close()
            except Exception:
                log.exception("the picture of cluster %s begins again", self.cluster_id)
                await asyncio.sleep(PAUSE)

    async def _follow_while_there(self) -> None:
        """A deleted cluster falls silent without a word: now and then it is asked whether it still is."""
        follow = asyncio.create_task(self._follow())
        asked = 0.0
        try:
            while not (await asyncio.wait({follow}, timeout=MEASURED))[0]:
                if self._failure is not None:
                    raise self._failure
                self._measure()
                asked += MEASURED
                if asked >= ALIVE:
                    asked = 0.0
                    await self._look_for_it()
            follow.result()
        finally:
            follow.cancel()
            await asyncio.wait({follow})  # awaited itself, its end and our own cancellation would look the same
            if not follow.cancelled():
                follow.exception()

    def _measure(self) -> None:
        """What is used is nobody's write: the board looks now and then, while the clock goes."""
        if self._clock is None or self._clock.paused or not self._built.is_set():
            return
        self._frames.board.measure(self._clock.at(wall_now()))
        self._send(None)

    async def _follow(self) -> None:
        since = await self._build()
        async with subscribe(self.cluster_id, since, TICK) as batches:
            self._built.set()
            self._tell(self._snapshot())
            async for batch in batches:
                self._take(batch)

    async def _build(self) -> int:
        """The revision that the board begins with."""
        self._clock = await self._read_clock()
        board = await built(self.cluster_id, self._patience, self._clock.at(wall_now()))
        self._frames = Frames(board, token_hex(4))
        self._frames.begin()
        self._kept.clear()
        self._kept_bytes = 0
        self._failure = None
        return board.revision

    async def _look_for_it(self) -> None:
        """A database that is away for a while is no reason to begin again: what was read is still right."""
        try:
            await self._read_clock()
        except Status:
            raise
        except Exception as problem:
            log.warning("whether cluster %s is still there cannot be asked: %s", self.cluster_id, problem)

    async def _read_clock(self) -> Clock:
        cluster = await Cluster.objects.filter(pk=self.cluster_id).afirst()
        if cluster is None:
            raise Status(404, "NotFound", "the cluster is gone")
        self._patience = PROFILES[cluster.timings].monitor_grace
        return clock_of(cluster)

    def _take(self, batch: Batch) -> None:
        board = self._frames.board
        board.take(batch.events)
        board.revision = max(board.revision, batch.revision)
        self._clock = batch.clock or self._clock
        if batch.clock:
            self._send(batch.clock)
        else:
            self._send_soon()

    def _send_soon(self) -> None:
        """At once, unless what was told last still keeps us busy: with many pages frames are fewer and longer."""
        wait = self._sent_at + EACH * len(self.pages) - monotonic()
        if wait <= 0:
            self._send(None)
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self._send_now)

    def _send_now(self) -> None:
        """Nobody waits for this one: what goes wrong is raised where the board is looked after."""
        try:
            self._send(None)
        except Exception as problem:
            self._failure = problem

    def _send(self, clock: Clock | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        frame = self._frames.delta(clock, wall_now())
        if frame is not None:
            self._sent_at = monotonic()
            self._keep(frame)
            self._tell(frame)

    def _keep(self, frame: bytes) -> None:
        self._kept.append(frame)
        self._kept_bytes += len(frame)
        while len(self._kept) > KEPT or self._kept_bytes > KEPT_BYTES:
            self._kept_bytes -= len(self._kept.popleft())

    def _tell(self, frame: bytes) -> None:
        for frames in list(self.pages):
            if frames.qsize() < QUEUE:
                frames.put_nowait(frame)
                continue
            while not frames.empty():
                frames.get_nowait()
            assert self._clock is not None
            frames.put_nowait(self._frames.snapshot(self._clock, wall_now()))

    def _close(self) -> None:
        self._clock = None
        self._built.set()
        for frames in self.pages:
            frames.put_nowait(CLOSE)


_shown: dict[tuple[asyncio.AbstractEventLoop, int], Live] = {}
_going: set[asyncio.Future[None]] = set()


async def join(cluster_id: int, since: Place | None) -> tuple[Live, Queue]:
    """A page begins to look at a cluster."""
    live = _shown.setdefault((asyncio.get_running_loop(), cluster_id), Live(cluster_id))
    try:
        return live, await live.join(since)
    except asyncio.CancelledError:
        await _let_go(live)
        raise


async def leave(live: Live, frames: Queue) -> None:
    """A page is closed; some time after the last one the board goes."""
    if frames in live.pages:
        live.pages.remove(frames)
    await _let_go(live)


async def _let_go(live: Live) -> None:
    if live.pages:
        return
    if live.is_built and LINGER:
        asyncio.get_running_loop().call_later(LINGER, _go, live)
    else:
        await _forget(live)


def _go(live: Live) -> None:
    if not live.pages:
        _going.add(task := asyncio.ensure_future(_forget(live)))
        task.add_done_callback(_going.discard)


async def _forget(live: Live) -> None:
    place = (asyncio.get_running_loop(), live.cluster_id)
    if _shown.get(place) is live:
        del _shown[place]
    await live.stop()


def board_of(cluster_id: int) -> tuple[Board, int] | None:
    """For a thread of this process: a copy of the board that its pages show, and the revision it is of."""
    for (loop, shown), live in list(_shown.items()):
        if shown == cluster_id and live.is_built:
            with suppress(TimeoutError, RuntimeError):
                return asyncio.run_coroutine_threadsafe(live.copy(), loop).result(PAUSE)
    return None
