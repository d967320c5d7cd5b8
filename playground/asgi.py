"""The front door: the Kubernetes API before Django, pages through Django, their sockets through Channels."""

import json
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from clusters.apiserver import asgi as apiserver
from playground import visitor
from playground.staticfiles import StaticFiles
from playground.urls import WEBSOCKETS
from playground.visit import front as visit

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

logger = logging.getLogger("podium.web")

Application = Callable[..., Awaitable[None]]

kubernetes_api: Application = apiserver.application

API_PREFIX = "/clusters/"
sockets = SessionMiddlewareStack(URLRouter(WEBSOCKETS))
static_files = StaticFiles()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One app for both ports. Whatever escapes is caught here: daphne answers it only half a second later."""
    reply = Reply(scope, send)
    try:
        await route(scope)(scope, receive, reply)
    except Exception:
        logger.exception("%s %s failed", scope.get("method", scope["type"]), scope["path"])
        await reply.apologise()


def route(scope: Scope) -> Application:
    """The API's port serves nothing but the API."""
    if came_in_on_api_port(scope):
        return kubernetes_api
    if not is_known_host(scope):
        return refuse_host
    if scope["path"].startswith(API_PREFIX):
        return api_for_pages
    if scope["type"] == "http" and is_visit(scope["path"]):
        return visit.application
    if scope["type"] == "websocket":
        return sockets if from_own_page(scope) else refuse_socket
    if scope["path"].startswith(settings.STATIC_URL):
        return static_files
    return django


def is_visit(path: str) -> bool:
    """A request into a cluster: `/c/<slug>/visit/...`."""
    parts = path.split("/", 4)
    return len(parts) == 5 and parts[1] == "c" and parts[3] == "visit"


def came_in_on_api_port(scope: Scope) -> bool:
    _, port = scope.get("server") or (None, None)
    return bool(port == settings.PODIUM.api_port)


def is_known_host(scope: Scope) -> bool:
    """A name that is not ours may be somebody's who had it point here, to read along from his own page."""
    named = dict(scope["headers"]).get(b"host", b"").decode("latin1").lower()
    domain, _ = split_domain_port(named)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


async def refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await refuse_socket(scope, receive, send)
        return
    words = b"Podium is not known by this name. Whoever runs it can add the name to PODIUM_ALLOWED_HOSTS."
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": words})


async def api_for_pages(scope: Scope, receive: Receive, send: Send) -> None:
    """The same API on the page's port, where the session says who asks."""
    await kubernetes_api(scope | {"podium.user": visitor.of(scope)}, receive, send)


def from_own_page(scope: Scope) -> bool:
    """Browsers name the page that opens a socket; a page from elsewhere must not use a visitor's session."""
    headers = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin1"))
    return origin.scheme in ("http", "https") and origin.netloc.encode("latin1") == headers.get(b"host")


async def refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": 4403})


class Reply:
    """Passes an answer on, and knows whether it has begun: what has begun cannot become an error."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._begun = False

    async def __call__(self, message: Message) -> None:
        self._begun = True
        await self._send(message)

    async def apologise(self) -> None:
        if self._scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": 1011})
        elif self._begun:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        else:
            kind, body = INTERNAL_ERROR[route(self._scope) in (kubernetes_api, api_for_pages)]
            await self._send({"type": "http.response.start", "status": 500, "headers": [(b"content-type", kind)]})
            await self._send({"type": "http.response.body", "body": body})


STATUS = {
    "kind": "Status",
    "apiVersion": "v1",
    "metadata": {},
    "status": "Failure",
    "message": "Internal error occurred: the server's log says more",
    "reason": "InternalError",
    "code": 500,
}
INTERNAL_ERROR = {
    True: (b"application/json", json.dumps(STATUS).encode()),
    False: (b"text/plain; charset=utf-8", b"Something broke on the server. Its log says what."),
}
