"""A small application behind the real web server: it floods whoever asks, and says how far it came."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from playground.supervise import server
from playground.supervise.environment import read

CHUNK = b"x" * 16384
LARGE = 3_000_000
sent = {"http": 0, "websocket": 0}

Send = Callable[[dict[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        if scope["path"] == "/large":
            await send({"type": "websocket.send", "bytes": b"x" * LARGE})
            await receive()
            return
        while sent["websocket"] < 60_000_000:
            await send({"type": "websocket.send", "bytes": CHUNK})
            sent["websocket"] += len(CHUNK)
    elif scope["path"] == "/flood":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while sent["http"] < 60_000_000:
            await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
            sent["http"] += len(CHUNK)
        await send({"type": "http.response.body", "body": b""})
    else:
        received = 0
        while True:
            message = await receive()
            received += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        body = json.dumps(sent | {"received": received}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    sys.exit(server.serve(application, read()))
