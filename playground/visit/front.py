"""A visit: one HTTP request from outside into the cluster, and a stranger's answer in a sandbox.

What a pod answers never acts as the visitor: the page has no origin of its own (sandbox), the session's cookie does
not come with what it asks, and a ticket in its address says only that this visitor may ask this host.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import redis
from django.conf import settings
from django.http.cookie import parse_cookie

from clusters.apiserver import auth, caller, limits
from clusters.apiserver.auth import User
from clusters.apiserver.streams.asking import ask
from clusters.apiserver.streams.rewriting import SANDBOX, below, content_type, location, passing
from clusters.apiserver.threads import in_thread
from clusters.kernel import Outcome, Request
from clusters.kinds.body import Key
from clusters.kinds.problem import Status
from clusters.models import Cluster
from networking.network.trip import NO_TLS
from playground import visitor
from playground.visit import jar, pages, ticket
from playground.visit.address import HTTPS, Target, target
from playground.visit.ticket import Guest
from playground.visit.visited import remember, visited, way

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = tuple[tuple[str, str], ...]

LARGEST, LARGEST_ANSWER = 1 << 20, 8 << 20  # bytes
PATIENCE = 10.0  # seconds of the wall's time
SECURE = (HTTPS, 8443)
PLAIN_TO_TLS = b"The plain HTTP request was sent to HTTPS port"  # as nginx says it
READING = ("GET", "HEAD")
PAGES = ("document", "iframe")  # what a browser opens, not what a page loads
ADDRESS = "An address here is visit/HOST or visit/HOST:PORT, of an Ingress, a load balancer or a node."
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TOKEN = "x-podium-token"  # of a kubeconfig: how curl proves that it may act
# of a visitor's headers, beside X-*: what a server may want to know
SENT = ("accept", "accept-language", "authorization", "content-type", "origin", "user-agent", "cache-control")
KEPT_BACK = ("x-podium", "x-csrftoken", "x-forwarded", "x-real-ip")


class Refused(Exception):
    """Podium's own answer instead of the cluster's."""

    def __init__(self, code: int, words: str, headers: Headers = ()) -> None:
        super().__init__(words)
        self.code, self.words, self.headers = code, words, headers


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One visit."""
    head = scope["method"] == "HEAD"
    try:
        code, body, headers = await visit(scope, receive)
    except Refused as refused:
        code, body = refused.code, pages.refused(refused.code, refused.words)
        headers = (("Content-Type", pages.HTML), *refused.headers)
    except redis.RedisError:
        code, body = 503, pages.refused(503, "The cluster's engine cannot be reached. Try again in a moment.")
        headers = (("Content-Type", pages.HTML), ("Retry-After", "2"))
    own = (*SANDBOX, ("X-Content-Type-Options", "nosniff"), ("Content-Length", str(len(body))))
    packed = [
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in (*headers, *own)
    ]
    await send({"type": "http.response.start", "status": code, "headers": packed})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def visit(scope: Scope, receive: Receive) -> tuple[int, bytes, Headers]:
    """(status, body, headers). Raises Refused, redis.RedisError."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    wanted = target(scope["path"])
    if wanted is None:
        raise Refused(404, ADDRESS)
    if is_part_of_podium(headers):
        raise Refused(403, "A page of Podium itself loads nothing from here.")
    is_known = auth.is_fresh(wanted.slug, "")
    cluster = auth.cluster_named(wanted.slug) if is_known else await in_thread(auth.cluster_named, wanted.slug)
    if cluster is None:
        raise Refused(404, f"There is no cluster “{wanted.slug}”.")
    guest = await guest_of(scope, headers, wanted, cluster)
    query = scope["query_string"].decode("latin-1")
    if isinstance(guest, str):
        return 302, b"", (("Location", guest + (f"?{query}" if query else "")),)
    check(scope["method"], guest)
    if not wanted.path:
        return 302, b"", (("Location", f"{wanted.prefix}/" + (f"?{query}" if query else "")),)
    body = await body_of(receive)
    await caller.keep_awake(cluster)
    try:
        await limits.admit(cluster, guest.name or "visitor")
    except Status as status:
        raise Refused(status.code, status.message, (("Retry-After", "2"),)) from None
    asked = raw_path(scope, wanted) + (f"?{query}" if query else "")
    return await carried(cluster, guest, wanted, scope["method"], asked, headers, body)


def is_part_of_podium(headers: Mapping[str, str]) -> bool:
    """A script or style for a page with Podium's own origin. A page from here has none: its parts are cross-site."""
    is_page = headers.get("sec-fetch-dest", "document") in PAGES
    return headers.get("sec-fetch-site") == "same-origin" and not is_page


async def guest_of(scope: Scope, headers: Mapping[str, str], wanted: Target, cluster: Cluster) -> Guest | str:
    """Who asks. A visitor whom the session knows is first given a ticket, and the address that has it."""
    if wanted.ticket:
        found = ticket.read(wanted.slug, wanted.host, wanted.ticket)
        if found is not None:
            return found
        wanted = replace(wanted, ticket="")
        if scope["method"] in READING:
            return f"{wanted.prefix}{raw_path(scope, wanted)}"
        raise Refused(403, "This page is too old to send anything. Open its address again.")
    token = headers.get(TOKEN, "")
    if token:
        holder = await in_thread(auth.holder, token)
        if holder is None or holder[1] != cluster.slug:
            raise Refused(401, f"The token in {TOKEN} is not one of this cluster's.")
        return Guest(f"token-{holder[0].name}", holder[0].may_edit)
    key = visitor.session_key(scope)
    if key and scope["method"] in READING:
        user: User = await in_thread(visitor.user, key, wanted.slug)
        known = Guest(ticket.guest_name(key), user.may_edit)
        signed = replace(wanted, ticket=ticket.issue(wanted.slug, wanted.host, known))
        return f"{signed.prefix}{raw_path(scope, wanted) or '/'}"
    return Guest()


def check(method: str, guest: Guest) -> None:
    """Looking is everybody's; all else needs the right to act. Raises Refused."""
    if method not in METHODS:
        raise Refused(405, "There is no such method here.", (("Allow", ", ".join(METHODS)),))
    if method not in READING and not guest.may_act:
        words = "You may look at this cluster, not send anything into it. Ask its owner for the edit link"
        raise Refused(403, f"{words}, or send a kubeconfig's token in {TOKEN}.")


async def body_of(receive: Receive) -> bytes:
    """Raises Refused above the limit."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(499, "The client has gone.")
        part = message.get("body") or b""
        size += len(part)
        if size <= LARGEST:
            parts.append(part)
        if not message.get("more_body"):
            break
    if size > LARGEST:
        raise Refused(413, f"More than {LARGEST >> 20} MiB does not pass.")
    return b"".join(parts)


def raw_path(scope: Scope, wanted: Target) -> str:
    """The path behind the host as it was sent, still escaped."""
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    parts = raw.split("/visit/", 1)[-1].split("/")
    rest = parts[2:] if parts[0].startswith("~") else parts[1:]
    return "/" + "/".join(rest) if rest else ""


async def carried(
    cluster: Cluster, guest: Guest, wanted: Target, method: str, asked: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, bytes, Headers]:
    """Through the cluster and back."""
    where = jar.place(cluster.pk, guest.name, wanted.host)
    cookies = await jar.load(where) if guest.name else {}
    path = asked.partition("?")[0]
    cookie = jar.sent(cookies, path, time.time(), is_tls=wanted.port == HTTPS) or own_cookies(headers, guest)
    own = sent(headers, wanted, cookie, body)
    request = Request("http", wanted.port, method, asked, own, body, wanted.host, tls=wanted.port in SECURE)
    outcome = await ask(cluster, Key("", ""), request, wanted.host, PATIENCE)
    other = in_the_other_tongue(request, outcome)
    if other is not None:
        outcome = await ask(cluster, Key("", ""), other, wanted.host, PATIENCE)
    if guest.name:
        changed = jar.after(cookies, outcome.headers, time.time())
        if changed is not None:
            await jar.keep(where, changed)
        if headers.get("sec-fetch-dest", "document") in PAGES:
            await remember(cluster.pk, guest.name, visited(wanted, asked, outcome))
    return answer(outcome, wanted, asked)


def in_the_other_tongue(request: Request, outcome: Outcome) -> Request | None:
    """The request once more: an address here does not say whether a node port or a load balancer's speaks TLS."""
    if request.tls and outcome.reason == NO_TLS:
        return replace(request, tls=False)
    if outcome.status == 400 and not request.tls and PLAIN_TO_TLS in outcome.body[:1000]:
        return replace(request, tls=True)
    return None


def own_cookies(headers: Mapping[str, str], guest: Guest) -> str:
    """A client that is no browser keeps its own cookies; a browser's here are Podium's."""
    if guest.name or "sec-fetch-mode" in headers:
        return ""
    known = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    kept = {name: value for name, value in parse_cookie(headers.get("cookie", "")).items() if name not in known}
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def sent(headers: Mapping[str, str], wanted: Target, cookie: str, body: bytes) -> Headers:
    """What the pod gets to see of the visitor's headers."""
    kept = [
        (name.title(), value)
        for name, value in headers.items()
        if name in SENT or (name.startswith("x-") and not name.startswith(KEPT_BACK))
    ]
    own = [("Host", wanted.host if wanted.port in (80, HTTPS) else wanted.at)]
    length = [("Content-Length", str(len(body)))] if body else []
    return (*own, *kept, *([("Cookie", cookie)] if cookie else []), *length)


def answer(outcome: Outcome, wanted: Target, asked: str) -> tuple[int, bytes, Headers]:
    """What came back below our prefix; or, when nothing did, a page that says why and where it ended."""
    told = (("X-Podium-Way", way(outcome.hops)), ("X-Podium-Took", f"{outcome.takes / 1000:.1f}ms"))
    if not outcome.ok or not 100 <= outcome.status < 600 or len(outcome.body) > LARGEST_ANSWER:
        code = 504 if outcome.reason == "timeout" else 502
        reason = outcome.reason if not outcome.ok else "an answer that no HTTP server gives, or a very large one"
        page = pages.unreached(code, reason, visited(wanted, asked, replace(outcome, ok=False, reason=reason)))
        return code, page, (("Content-Type", pages.HTML), *told, ("X-Podium-Reason", reason))
    kind = content_type(outcome.headers)
    headers = tuple(
        (name, moved(value, wanted) if name.lower() == "location" else value)
        for name, value in passing(outcome.headers)
    )
    body = below(outcome.body, kind, wanted.prefix)
    return outcome.status, body, (("Content-Type", kind), *headers, *told)


def moved(value: str, wanted: Target) -> str:
    """A redirect within the host keeps its ticket; https is port 443."""
    secure = f"https://{wanted.host}"
    if value == secure or value.startswith((f"{secure}/", f"{secure}?")):
        return location(value.removeprefix(secure) or "/", replace(wanted, port=HTTPS).prefix)
    plain = f"http://{wanted.host}"
    if value == plain or value.startswith((f"{plain}/", f"{plain}?")):
        return location(value.removeprefix(plain) or "/", replace(wanted, port=80).prefix)
    return location(value, wanted.prefix, wanted.names)
