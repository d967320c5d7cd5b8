"""Where a stream begins: who may, to which container, and in which protocol (apiserver: connect handlers)."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import redis

from clusters.apiserver import caller, limits
from clusters.apiserver.answer import Answer, text
from clusters.apiserver.auth import authorize
from clusters.apiserver.call import Call
from clusters.apiserver.streams import channels, portforward
from clusters.apiserver.streams.aim import NotFound, container_to_enter, pod_of
from clusters.kinds.body import Key
from clusters.kinds.problem import Status
from clusters.models import Cluster

MOST = 20  # open streams of one caller in one cluster
OLD = (
    "Podium serves {what} over websockets only (v5.channel.k8s.io, SPDY/3.1+portforward.k8s.io): "
    "kubectl speaks them by itself from 1.31 on"
)
REFUSED = {"type": "websocket.close", "code": 1000}  # kubectl then asks by POST, and reads why
log = logging.getLogger(__name__)
_open: Counter[tuple[int, str]] = Counter()


async def websocket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One stream from its beginning to its end."""
    begun = False
    try:
        await receive()  # websocket.connect
        call = await _call(scope)
        container, protocol = await _check(call, list(scope.get("subprotocols") or ()))
        if protocol is None:
            await send(REFUSED)
            return
        with streaming(call.cluster, call.user.name):
            await send({"type": "websocket.accept", "subprotocol": protocol})
            begun = True
            await _serve(call, container, scope, receive, send)
    except (Status, NotFound):
        if not begun:
            await send(REFUSED)
    except redis.RedisError:
        log.exception("a stream broke off")
        await send({"type": "websocket.close", "code": 1011} if begun else REFUSED)


async def _serve(call: Call, container: str, scope: dict[str, Any], receive: Any, send: Any) -> None:
    pod, kind = Key(call.aim.namespace, call.aim.name), call.aim.subresource
    if kind == "portforward":
        await portforward.serve(call.cluster, pod, receive, send)
    else:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        await channels.serve(call.cluster.pk, pod, kind, container, query, receive, send)


async def refuse(call: Call) -> Answer:
    """The same asked without a websocket: why it would not do, or that it has to be one."""
    try:
        await _check(call, [])
    except NotFound as missing:
        return text(str(missing), 404)
    with streaming(call.cluster, call.user.name):
        raise Status.bad_request(OLD.format(what=f"pods/{call.aim.subresource}"))


async def _check(call: Call, offered: list[str]) -> tuple[str, str | None]:
    """(container, protocol). Raises Status, NotFound."""
    if call.aim.subresource == "portforward":
        await pod_of(call)
        return "", portforward.protocol_of(offered)
    container = await container_to_enter(call)
    if call.aim.subresource == "exec" and "command" not in call.query:
        raise Status.bad_request("you must specify at least 1 command for the container")
    return container, channels.protocol_of(offered)


async def _call(scope: dict[str, Any]) -> Call:
    """Raises Status where there is no such stream, or who asks may not have it."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if caller.on_page_port(scope):
        raise Status(403, "Forbidden", "pages have a socket of their own")
    cluster, user, path = await caller.find({**scope, "method": "GET"}, headers)
    await limits.admit(cluster, user.name)
    raw = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    call = Call(cluster, user, "GET", path, {name: values[-1] for name, values in raw.items()}, headers)
    if call.target is None or call.target.subresource not in ("exec", "attach", "portforward"):
        raise Status(404, "NotFound", "there is no stream here")
    authorize(user, call.target)
    return call


@contextmanager
def streaming(cluster: Cluster, user: str) -> Iterator[None]:
    """One more open stream. Raises TooManyRequests where the caller has too many."""
    place = (cluster.pk, user)
    if _open[place] >= int(cluster.limits.get("streams") or MOST):
        raise Status.too_many(f"too many streams: this caller has {_open[place]} open already", 5)
    _open[place] += 1
    try:
        yield
    finally:
        _open[place] -= 1
        if not _open[place]:
            del _open[place]
