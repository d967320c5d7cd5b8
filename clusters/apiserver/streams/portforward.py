"""port-forward: SPDY streams inside a websocket, whose bytes the pod's simulated servers answer (kubelet: portForward).

Bytes that are HTTP are read as requests (h11), each answered through the engine; others go there as they come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from http.client import responses
from typing import Any

import h11

from clusters.apiserver.streams.asking import ask
from clusters.apiserver.streams.spdy import Broken, Connection, Left, Opened, Received, Reset
from clusters.kernel import Outcome, Request
from clusters.kinds.body import Key
from clusters.models import Cluster

PROTOCOL = "SPDY/3.1+portforward.k8s.io"
PIECE = 64 * 1024
MOST_STREAMS = 256
LARGEST = 1 << 20  # bytes of a request's body
METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"CONNECT")
# of an answer: how long it is, is said anew
FRAMING = ("content-length", "transfer-encoding", "connection", "keep-alive", "date")
Send = Callable[[dict[str, Any]], Awaitable[None]]


def protocol_of(offered: list[str]) -> str | None:
    return PROTOCOL if PROTOCOL in offered else None


async def serve(cluster: Cluster, pod: Key, receive: Any, send: Send) -> None:
    """From the first frame to the last; the websocket is accepted already."""
    forwarding = Forwarding(cluster, pod, send)
    try:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            if not await forwarding.take(message.get("bytes") or b""):
                break
        await send({"type": "websocket.close", "code": 1000})
    finally:
        await forwarding.stop()


@dataclass
class Stream:
    """One connection to a port: its data stream, fed to whoever answers it."""

    number: int
    port: int
    request: str
    data: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(64))
    task: asyncio.Task[None] | None = None


class Forwarding:
    """The streams of one client."""

    def __init__(self, cluster: Cluster, pod: Key, send: Send) -> None:
        self.cluster, self.pod = cluster, pod
        self._send = send
        self._wire = Connection()
        self._errors: dict[str, int] = {}  # the error stream of each request
        self._streams: dict[int, Stream] = {}

    async def take(self, data: bytes) -> bool:
        """What came; False when the client is done, or speaks something else."""
        try:
            for event in self._wire.feed(data):
                if isinstance(event, Left):
                    return False
                await self._happened(event)
        except Broken:
            return False
        finally:
            await self.flush()
        return True

    async def stop(self) -> None:
        tasks = [stream.task for stream in self._streams.values() if stream.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def flush(self) -> None:
        data = self._wire.taken()
        for at in range(0, len(data), PIECE):
            await self._send({"type": "websocket.send", "bytes": data[at : at + PIECE]})

    async def _happened(self, event: Opened | Received | Reset) -> None:
        if isinstance(event, Opened):
            self._open(event)
            return
        stream = self._streams.get(event.stream)
        if stream is None:
            return
        if isinstance(event, Received):
            if event.data:
                await stream.data.put(event.data)
            if event.is_over:
                await stream.data.put(None)
        elif stream.task:
            stream.task.cancel()

    def _open(self, event: Opened) -> None:
        headers = event.headers
        kind, port, request = headers.get("streamtype"), headers.get("port", ""), headers.get("requestid", "")
        if not port.isdigit() or len(self._streams) >= MOST_STREAMS:
            self._wire.reset(event.stream)
            return
        self._wire.reply(event.stream)
        if kind == "error":
            self._errors[request] = event.stream
        elif kind == "data":
            stream = Stream(event.stream, int(port), request)
            self._streams[event.stream] = stream
            stream.task = asyncio.create_task(self._answer(stream))

    async def _answer(self, stream: Stream) -> None:
        try:
            first = await stream.data.get()
            if first is not None:
                talk = self._http if first.split(b" ", 1)[0] in METHODS else self._bare
                await talk(stream, first)
        except Unreachable as problem:
            self._complain(stream, str(problem))
        finally:
            self._wire.send(stream.number, b"", is_over=True)
            error = self._errors.pop(stream.request, None)
            if error is not None:
                self._wire.send(error, b"", is_over=True)
            self._streams.pop(stream.number, None)
            await asyncio.shield(self.flush())

    async def _bare(self, stream: Stream, first: bytes) -> None:
        """A protocol of its own (redis): each piece is a question."""
        data: bytes | None = first
        while data is not None:
            outcome = await self._ask(stream.port, Request("tcp", stream.port, body=data))
            self._wire.send(stream.number, outcome.body)
            await self.flush()
            data = await stream.data.get()

    async def _http(self, stream: Stream, first: bytes) -> None:
        """One request after the other, as long as both keep the connection."""
        http = h11.Connection(h11.SERVER)
        http.receive_data(first)
        while (asked := await self._next(http, stream)) is not None:
            outcome = await self._ask(stream.port, asked)
            self._wire.send(stream.number, render(http, outcome, asked.method))
            await self.flush()
            if http.our_state is not h11.DONE or http.their_state is not h11.DONE:
                return
            http.start_next_cycle()

    async def _next(self, http: h11.Connection, stream: Stream) -> Request | None:
        """The next whole request; None when there is none any more, or what comes is not HTTP."""
        head: h11.Request | None = None
        body = b""
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                self._wire.send(stream.number, render(http, _bad(error.error_status_hint), "GET"))
                return None
            if event is h11.NEED_DATA:
                if http.they_are_waiting_for_100_continue:
                    go_on = http.send(h11.InformationalResponse(status_code=100, headers=[]))
                    self._wire.send(stream.number, go_on or b"")
                    await self.flush()
                http.receive_data(await stream.data.get() or b"")
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST:
                    self._wire.send(stream.number, render(http, _bad(413), "GET"))
                    return None
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(head, body, stream.port)
            else:
                return None

    async def _ask(self, port: int, request: Request) -> Outcome:
        outcome = await ask(self.cluster, self.pod, replace(request, client="127.0.0.1"))
        if not outcome.ok:
            raise Unreachable(
                f"error forwarding port {port} to pod {self.pod.name}, uid : failed to execute portforward in network "
                f"namespace: failed to connect to localhost:{port} inside namespace: dial tcp4 127.0.0.1:{port}: "
                f"connect: {outcome.reason}"
            )
        return outcome

    def _complain(self, stream: Stream, words: str) -> None:
        error = self._errors.pop(stream.request, None)
        if error is not None:
            self._wire.send(error, words.encode(), is_over=True)


class Unreachable(Exception):
    """Nobody answers at that port."""


def render(http: h11.Connection, outcome: Outcome, method: str) -> bytes:
    """The answer's bytes."""
    headers = [(name, value) for name, value in outcome.headers if name.lower() not in FRAMING]
    length = ("Content-Length", str(len(outcome.body)))
    status = outcome.status or 200
    head = h11.Response(status_code=status, reason=responses.get(status, ""), headers=[*headers, length])
    parts = [http.send(head)]
    if method != "HEAD" and outcome.body:
        parts.append(http.send(h11.Data(data=outcome.body)))
    parts.append(http.send(h11.EndOfMessage()))
    return b"".join(part or b"" for part in parts)


def _request(head: h11.Request, body: bytes, port: int) -> Request:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers)
    host = next((value for name, value in headers if name.lower() == "host"), "localhost")
    return Request("http", port, head.method.decode(), head.target.decode("latin-1"), headers, body, host)


def _bad(status: int) -> Outcome:
    return Outcome(ok=True, status=status, headers=(("Connection", "close"),))
