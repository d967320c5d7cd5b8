"""This process's line into the engines: what it sends them, and their replies handed to whoever waits for each."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

import orjson
import redis

from clusters.engine import inbox
from clusters.kinds.body import Body

PULSE = 2.0  # seconds between two signs of life
LINGERS = 20.0  # seconds that it listens on when nobody waits: whoever comes next needs no new connection
AT_ONCE = 100  # replies taken at once
log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who waits for replies under a name of its own."""

    def heard(self, reply: Body) -> None: ...
    async def pulse(self) -> None:
        """Called every two seconds."""


class Line:
    """One list of replies and one task that reads it, however many sessions there are."""

    def __init__(self) -> None:
        self.to = f"podium:replies:{uuid4().hex}"
        self._listeners: dict[str, Listener] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._ending: asyncio.TimerHandle | None = None

    def join(self, name: str, listener: Listener) -> None:
        self._listeners[name] = listener
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._always(self._read)), asyncio.create_task(self._always(self._beat))]

    def leave(self, name: str) -> None:
        self._listeners.pop(name, None)
        if not self._listeners and self._tasks and self._ending is None:
            self._ending = asyncio.get_running_loop().call_later(LINGERS, self._end)

    def _end(self) -> None:
        self._ending = None
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _always(self, work: Any) -> None:
        """One exception would silence everybody: begin again; what was missed is sent again when it is asked for."""
        while True:
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the line to the engines begins again")
                await asyncio.sleep(0.5)

    async def _read(self) -> None:
        client = inbox.aclient()
        while True:
            first = await client.blpop([self.to], timeout=5)
            if first is None:
                continue
            found: Any = await client.lpop(self.to, AT_ONCE)
            for packed in [first[1], *(found or ())]:
                self._hand_on(orjson.loads(packed))

    def _hand_on(self, reply: Body) -> None:
        listener = self._listeners.get(reply.get("s", ""))
        if listener is not None:
            listener.heard(reply)

    async def _beat(self) -> None:
        while True:
            await inbox.still_wanted(self._listeners)
            await asyncio.sleep(PULSE)
            for listener in list(self._listeners.values()):
                with suppress(redis.RedisError):
                    await listener.pulse()


_lines: dict[asyncio.AbstractEventLoop, Line] = {}


def line() -> Line:
    """This event loop's."""
    loop = asyncio.get_running_loop()
    for other in [known for known in _lines if known.is_closed()]:
        del _lines[other]
    return _lines.setdefault(loop, Line())
