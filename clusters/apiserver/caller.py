"""Which cluster a request is for and who sends it: by token on the API's port, by session on the page's."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from clusters.apiserver import auth
from clusters.apiserver.auth import ANONYMOUS, UNAUTHORIZED, User
from clusters.apiserver.target import MISSING
from clusters.apiserver.threads import in_thread
from clusters.apiserver.verbs.elsewhere import is_open
from clusters.engine.clock import touch
from clusters.kinds import token as tokens
from clusters.kinds.problem import Status
from clusters.models import Cluster

PREFIX = "clusters"
TOUCH = 30.0  # seconds between two signs of life of a cluster that is asked
_touched: dict[int, float] = {}
READING = ("GET", "HEAD", "OPTIONS")
Headers = Mapping[str, str]


async def find(scope: dict[str, Any], headers: Headers) -> tuple[Cluster, User, str]:
    """(cluster, user, path below the cluster). Raises Unauthorized, Forbidden, NotFound."""
    slug, path = split(scope["path"])
    token = "" if on_page_port(scope) else bearer(headers)
    if auth.is_fresh(slug, token) and slug:
        cluster, user = _known(slug, token)
    else:
        cluster, user = await in_thread(_known, slug, token)
    if cluster is not None and user is not None and _is_touch_due(cluster):
        await in_thread(_keep_awake, cluster)
    if on_page_port(scope):
        user = await _visitor(scope, slug)
        _check_browser(scope, headers)
    elif user is None and is_open(path):
        user = ANONYMOUS
    if user is None:
        raise UNAUTHORIZED
    if cluster is None:
        raise Status(404, "NotFound", f'cluster "{slug}" not found')
    return cluster, auth.acting(user, headers), path


def split(path: str) -> tuple[str, str]:
    """The slug, "" at the root where the token names the cluster, and the rest of the path. Raises NotFound."""
    if "\0" in path:  # which no row can hold
        raise Status(404, "NotFound", MISSING)
    parts = path.split("/", 3)
    if len(parts) > 2 and parts[1] == PREFIX:
        return parts[2], "/" + "".join(parts[3:])
    return "", path


def bearer(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def on_page_port(scope: dict[str, Any]) -> bool:
    _, port = scope.get("server") or (None, None)
    return bool(port != settings.PODIUM.api_port)


def address_of(scope: dict[str, Any], headers: Headers) -> str:
    """Host and port by which the client found us."""
    host, port = scope.get("server") or ("localhost", 0)
    return headers.get("host") or f"{host}:{port}"


def _is_touch_due(cluster: Cluster) -> bool:
    return cluster.asleep or time.monotonic() - _touched.get(cluster.pk, -TOUCH) > TOUCH


async def keep_awake(cluster: Cluster) -> None:
    """Somebody is with it, though not by the API."""
    if _is_touch_due(cluster):
        await in_thread(_keep_awake, cluster)


def _keep_awake(cluster: Cluster) -> None:
    """Somebody asks it something: it does not fall asleep, or wakes."""
    _touched[cluster.pk] = time.monotonic()
    with suppress(Cluster.DoesNotExist):
        touch(cluster.pk)


def _known(slug: str, token: str) -> tuple[Cluster | None, User | None]:
    said = tokens.read(token) if token else None
    if said is not None:
        cluster = auth.cluster_named(slug) if slug else None
        return cluster, auth.account(cluster, said, token) if cluster is not None else None
    holder = auth.holder(token) if token else None
    if holder is None:
        return (auth.cluster_named(slug) if slug else None), None
    user, own = holder
    if slug and slug != own:
        return auth.cluster_named(slug), None  # a stranger here
    return auth.cluster_named(own), user


async def _visitor(scope: dict[str, Any], slug: str) -> User | None:
    named = scope.get("podium.user")
    return None if named is None else await named(slug)


def _check_browser(scope: dict[str, Any], headers: Headers) -> None:
    """A write from the page carries Django's CSRF token and comes from the page's own origin. Raises Forbidden."""
    if scope["method"] in READING:
        return
    origin = headers.get("origin", "")
    if urlsplit(origin).netloc != headers.get("host") or not origin.startswith(("http://", "https://")):
        raise Status(403, "Forbidden", f"the origin {origin or 'null'} may not write here")
    request = HttpRequest()
    request.method, request.path = scope["method"], scope["path"]
    for name, value in headers.items():
        request.META[f"HTTP_{name.upper().replace('-', '_')}"] = value
    request.META["wsgi.url_scheme"] = scope.get("scheme", "http")
    request.COOKIES = _cookies(headers.get("cookie", ""))
    check = CsrfViewMiddleware(lambda _: None)  # type: ignore[arg-type]
    check.process_request(request)
    if check.process_view(request, lambda _: None, (), {}) is not None:  # type: ignore[arg-type, return-value]
        raise Status(403, "Forbidden", "CSRF verification failed")


def _cookies(header: str) -> dict[str, str]:
    from django.http.cookie import parse_cookie

    return parse_cookie(header)
