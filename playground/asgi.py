"""The front door: the Kubernetes API before Django, pages through Django, their sockets through Channels."""

import os
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack
from django.conf import settings

from playground.urls import WEBSOCKETS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

API_PREFIX = "/clusters/"
sockets = SessionMiddlewareStack(URLRouter(WEBSOCKETS))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One app for both ports. The API's port serves nothing but the API."""
    if belongs_to_api(scope):
        await kubernetes_api(scope, receive, send)
    elif scope["type"] == "websocket":
        await sockets(scope, receive, send)
    else:
        await django(scope, receive, send)


def belongs_to_api(scope: Scope) -> bool:
    server = scope.get("server") or (None, None)
    return bool(scope["path"].startswith(API_PREFIX) or server[1] == settings.PODIUM.api_port)


if find_spec("clusters.apiserver.asgi"):
    from clusters.apiserver.asgi import application as kubernetes_api
else:
    kubernetes_api = django
