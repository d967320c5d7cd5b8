"""A session with a container, for whoever has a client at hand: kubectl's websocket or the page's terminal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from time import monotonic
from typing import Any, Self
from uuid import uuid4

from clusters.apiserver.streams.line import Line, line
from clusters.apiserver.threads import in_thread
from clusters.engine import inbox
from clusters.engine.clock import touch
from clusters.kinds.body import Body, Key
from clusters.kinds.octets import bytes_of, text_of
from clusters.reconcile.message import Message

AHEAD = 128 * 1024  # characters of input that may be on their way
PIECE = 32 * 1024  # bytes of input in one message
CONFIRM = 32 * 1024  # characters of output after which the engine is told that they arrived
QUIET = 14.0  # seconds after which an idle session asks whether it is still there
AWAKE = 30.0  # seconds between two touches: a cluster that somebody has open does not fall asleep
SILENCE = 30.0  # seconds without an answer to what was sent


class Session:
    """`output` gives what the container writes; when that is over, `end` says why: {"code"} or {"error"}."""

    def __init__(self, cluster_id: int, pod: Key) -> None:
        self.cluster_id, self.pod = cluster_id, pod
        self.name = uuid4().hex + uuid4().hex
        self.end: Body | None = None
        self._line: Line = line()
        self._number = 0
        self._got = self._confirmed = self._unconfirmed = 0
        self._given = self._read = 0
        self._pieces: list[tuple[int, str]] = []
        self._news = asyncio.Event()
        self._lock = asyncio.Lock()
        self._asked_at = self._heard_at = self._touched_at = monotonic()
        self._sent_at: float | None = None  # when something was sent that has to be answered

    async def open(self, kind: str, container: str, command: Sequence[str] = (), **ask: Any) -> Self:
        """kind: "exec" or "attach"; `stdin`, `tty`. What is refused comes as the end."""
        self._line.join(self.name, self)
        self._sent_at = monotonic()
        await self._send("open", kind=kind, container=container, command=list(command), **ask)
        return self

    async def write(self, data: bytes) -> None:
        """More input. Waits while the container does not read it."""
        for at in range(0, len(data), PIECE):
            text = text_of(data[at : at + PIECE])
            while self._given - self._read > AHEAD and self.end is None:
                await self._wait()
            if self.end is not None:
                return
            self._given += len(text)
            await self._send("input", text=text)

    async def end_input(self) -> None:
        await self._send("eof")

    async def resize(self, rows: int, columns: int) -> None:
        await self._send("resize", rows=rows, columns=columns)

    async def output(self) -> AsyncIterator[tuple[int, bytes]]:
        """(1 or 2, bytes) until it is over."""
        while True:
            while self._pieces:
                stream, text = self._pieces.pop(0)
                self._unconfirmed += len(text)
                yield stream, bytes_of(text)
                if self._unconfirmed >= CONFIRM:
                    await self._send("ack")
            if self.end is not None:
                return
            await self._wait()

    async def close(self) -> None:
        """The client has gone, or has all."""
        try:
            await asyncio.shield(self._send("end"))
        finally:
            self._line.leave(self.name)

    # the line's side

    def heard(self, reply: Body) -> None:
        self._heard_at, self._sent_at = monotonic(), None
        for number, (stream, text) in enumerate(reply.get("out", ()), reply.get("n", 0)):
            if number == self._got:
                self._got += 1
                if text:
                    self._pieces.append((stream, text))
        self._read = max(self._read, reply.get("in", 0))
        is_whole = self._got >= reply.get("n", 0) + len(reply.get("out", ()))
        if self.end is not None:  # whatever is said of a session that has ended, it ended as was said first
            pass
        elif reply.get("failed"):
            self.end = {"error": "the engine failed on this session; its log says more"}
        elif "end" in reply and is_whole:
            self.end = reply["end"]
        self._news.set()

    async def pulse(self) -> None:
        now = monotonic()
        if now - self._touched_at > AWAKE:
            self._touched_at = now
            await in_thread(touch, self.cluster_id)
        waits = self._sent_at is not None or self._given > self._read or self._confirmed < self._got
        if self.end is None and (waits or now - self._asked_at > QUIET):
            self._asked_at = now
            await self._send("ping")
        if self._sent_at is not None and now - self._sent_at > SILENCE:
            self.end = {"error": "the cluster's engine does not answer"}
            self._news.set()

    async def _send(self, do: str, **more: Any) -> None:
        async with self._lock:  # the order in which they are numbered is that in which they arrive
            self._number += 1
            self._confirmed, self._unconfirmed = self._got, 0
            data = {"s": self.name, "do": do, "q": self._number, "got": self._got, **more}
            await inbox.send(self.cluster_id, Message("session", self._line.to, self.pod, data))

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()


async def open_exec(
    cluster_id: int, pod: Key, container: str, command: Sequence[str], *, stdin: bool = True, tty: bool = False
) -> Session:
    """Run a command in a container. The caller has checked who asks, and closes the session in the end."""
    return await Session(cluster_id, pod).open("exec", container, command, stdin=stdin, tty=tty)


async def open_attach(cluster_id: int, pod: Key, container: str, *, stdin: bool = True, tty: bool = False) -> Session:
    """Hold on to the container's own process."""
    return await Session(cluster_id, pod).open("attach", container, stdin=stdin, tty=tty)
