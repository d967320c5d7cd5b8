"""exec and attach over a websocket: one byte says which stream a message belongs to (v4 and v5.channel.k8s.io)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson

from clusters.apiserver.streams.session import Session, open_attach, open_exec
from clusters.kinds.body import Body, Key

STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")  # the better first
PIECE = 32 * 1024
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def protocol_of(offered: list[str]) -> str | None:
    """The best that both know."""
    return next((protocol for protocol in PROTOCOLS if protocol in offered), None)


async def serve(
    cluster_id: int, pod: Key, kind: str, container: str, query: dict[str, list[str]], receive: Receive, send: Send
) -> None:
    """From the first byte to the Status that ends it; the websocket is accepted already."""
    asked = {name: query.get(name, [""])[-1] in ("1", "true", "True") for name in ("stdin", "stdout", "stderr", "tty")}
    first = STDOUT if asked["stdout"] else STDERR if asked["stderr"] else ERROR
    await _say(send, first, b"")  # the client waits for a sign that the streams are there
    if kind == "attach":
        session = await open_attach(cluster_id, pod, container, stdin=asked["stdin"], tty=asked["tty"])
    else:
        command = query.get("command", [])
        session = await open_exec(cluster_id, pod, container, command, stdin=asked["stdin"], tty=asked["tty"])
    listening = asyncio.ensure_future(_listen(session, receive, has_stdin=asked["stdin"]))
    telling = asyncio.ensure_future(_tell(session, send, {1: asked["stdout"], 2: asked["stderr"] and not asked["tty"]}))
    try:
        await asyncio.wait({listening, telling}, return_when=asyncio.FIRST_COMPLETED)
        if telling.done():
            await telling
        if listening.done():
            await listening
    finally:
        for task in (listening, telling):
            task.cancel()
        await asyncio.gather(listening, telling, return_exceptions=True)
        await session.close()


async def _listen(session: Session, receive: Receive, *, has_stdin: bool) -> None:
    """What the client sends, until it goes."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        data: bytes = message.get("bytes") or (message.get("text") or "").encode()
        if not data:
            continue
        if data[0] == STDIN and has_stdin:
            await session.write(data[1:])
        elif data[0] == RESIZE:
            await _resize(session, data[1:])
        elif data[0] == CLOSE and data[1:2] == bytes([STDIN]) and has_stdin:
            await session.end_input()


async def _resize(session: Session, data: bytes) -> None:
    with suppress(ValueError, KeyError, TypeError):
        size = orjson.loads(data)
        await session.resize(int(size["Height"]), int(size["Width"]))


async def _tell(session: Session, send: Send, wanted: dict[int, bool]) -> None:
    async for stream, data in session.output():
        if wanted.get(stream):
            for at in range(0, len(data), PIECE):
                await _say(send, stream, data[at : at + PIECE])
    await _say(send, ERROR, orjson.dumps(status_of(session.end or {})))
    await send({"type": "websocket.close", "code": 1000})


async def _say(send: Send, channel: int, data: bytes) -> None:
    await send({"type": "websocket.send", "bytes": bytes([channel]) + data})


def status_of(end: Body) -> Body:
    """The Status that carries an exit code (kubelet: remotecommand)."""
    if "error" in end:
        message = f"Internal error occurred: {end['error']}"
        details = {"causes": [{"message": end["error"]}]}
        failure = {"status": "Failure", "message": message, "reason": "InternalError", "details": details, "code": 500}
        return {"metadata": {}, **failure}
    code = end.get("code", 0)
    if not code:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: command terminated with exit code {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }
