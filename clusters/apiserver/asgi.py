"""The API's front: finds cluster and caller, answers reads itself, hands all else to the verbs' threads.

On the API's port a bearer token says who asks; no cookie is read. On the page's port the caller is whom
`scope["podium.user"]` names: `async (slug) -> User | None`, put there by the page's own middleware.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from clusters.apiserver import limits
from clusters.apiserver.answer import Answer, refused
from clusters.apiserver.auth import authorize
from clusters.apiserver.call import Call, finished
from clusters.apiserver.caller import PREFIX, address_of, find, on_page_port
from clusters.apiserver.measured import MEASURED
from clusters.apiserver.parsing import LARGEST, too_large
from clusters.apiserver.streams import front, proxy
from clusters.apiserver.target import STREAMS, Target
from clusters.apiserver.threads import in_thread
from clusters.apiserver.verbs import get, list_, logs
from clusters.apiserver.verbs.watch import watch
from clusters.apiserver.versions import version_of
from clusters.apiserver.views import respond
from clusters.kinds.problem import Status

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
NOSNIFF = (b"x-content-type-options", b"nosniff")
STREAM = "application/json;stream=watch"
logger = logging.getLogger(__name__)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request."""
    if scope["type"] == "websocket":
        await front.websocket(scope, receive, send)
        return
    begun = Begun(send)
    try:
        answer = await _answer(scope, receive, begun)
    except Status as status:
        answer = refused(status)
    except Exception:
        if begun.has:
            raise
        logger.exception("%s %s failed", scope["method"], scope["path"])
        message = "Internal error occurred: the server's log says more"
        answer = refused(Status(500, "InternalError", message))
    if answer is not None and not begun.has:
        await _send(answer, send, head=scope["method"] == "HEAD")


class Begun:
    """Passes messages on and remembers whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has = False

    async def __call__(self, message: dict[str, Any]) -> None:
        self.has = True
        await self._send(message)


async def _answer(scope: Scope, receive: Receive, send: Send) -> Answer | None:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _body(receive)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    cluster, user, path = await find(scope, headers)
    call = Call(cluster, user, scope["method"], path, query, headers, body, address_of(scope, headers))
    call.raw_query = scope["query_string"].decode("latin-1")
    await limits.admit(cluster, user.name)
    aim = call.target
    if aim is not None and aim.subresource in STREAMS:
        authorize(user, aim)
        return await front.refuse(call)
    if aim is not None and aim.subresource == "proxy":
        authorize(user, aim)
        return await proxy.pass_on(call, f"/{PREFIX}/{cluster.slug}" if on_page_port(scope) else "")
    if aim is None or not is_stored_read(aim):
        return await in_thread(respond, call)
    authorize(user, aim)
    if aim.verb == "watch":
        with limits.watching(cluster, user.name):
            await _stream(watch(call), STREAM, receive, send)
        return None
    if aim.subresource == "log":
        if query.get("follow") in ("true", "1"):
            with limits.watching(cluster, user.name):
                await _stream(logs.follow(call), "text/plain", receive, send)
            return None
        return await in_thread(respond, call)
    if aim.verb == "get":
        return finished(call, await get.aget(call))
    # not on the event loop: it would turn four hundred times for the bytes of a thousand pods
    return finished(call, await in_thread(list_.list_objects, call))


def is_stored_read(aim: Target) -> bool:
    """Whether stored bytes are the answer; all else is left to a thread."""
    if aim.verb not in ("get", "list", "watch") or aim.subresource == "scale":
        return False
    return aim.verb == "watch" or (aim.kind not in MEASURED and version_of(aim.kind) is None)


async def _body(receive: Receive) -> bytes:
    """Raises RequestEntityTooLarge; what comes after the limit is read and dropped."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Status(499, "ClientClosed", "the client has gone")
        part = message.get("body") or b""
        size += len(part)
        if size <= LARGEST:
            parts.append(part)
        if not message.get("more_body"):
            break
    if size > LARGEST:
        raise too_large()
    return b"".join(parts)


async def _send(answer: Answer, send: Send, *, head: bool) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.all_headers()]
    await send({"type": "http.response.start", "status": answer.code, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else answer.raw})


async def _stream(parts: AsyncIterator[bytes], content_type: str, receive: Receive, send: Send) -> None:
    """Send as it comes, until it ends or the client goes. A refusal before the first part is an answer of its own."""
    gone = asyncio.ensure_future(_disconnected(receive))
    pump = asyncio.ensure_future(_pump(parts, content_type, send))
    try:
        await asyncio.wait({gone, pump}, return_when=asyncio.FIRST_COMPLETED)
        if pump.done():
            await pump
    finally:
        for task in (gone, pump):
            task.cancel()
        await asyncio.gather(gone, pump, return_exceptions=True)


async def _pump(parts: AsyncIterator[bytes], content_type: str, send: Send) -> None:
    begun = False
    try:
        async for part in _with_start(parts):
            if not begun:
                begun = True
                headers = [(b"content-type", content_type.encode()), (b"cache-control", b"no-cache, private"), NOSNIFF]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": part, "more_body": True})
    finally:
        await parts.aclose()  # type: ignore[attr-defined]
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _with_start(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The headers go out soon, even where nothing happens yet; unless it is refused, which is known at once."""
    first = asyncio.ensure_future(anext(parts, None))
    done, _ = await asyncio.wait({first}, timeout=0.05)
    if not done:
        yield b""
    begin = await first
    if begin is None:
        if done:
            yield b""
        return
    yield begin
    async for part in parts:
        yield part


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
