"""The same pod again, by a cookie (ingress-nginx: Sticky sessions)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from networking.ingress.decision import Asked, Headers, Target
from networking.ingress.routes import Path
from networking.ingress.settings import COOKIE

TRIES = 3  # proxy-next-upstream-tries


def ordered(asked: Asked, line: Path, found: Sequence[Target]) -> tuple[tuple[Target, ...], Headers]:
    """Whom to try, in this order, and the cookie that a new visitor gets."""
    first = asked.view.random.pick(found)
    cookie: Headers = ()
    if line.settings.text("affinity") == "cookie":
        name = line.settings.text("session-cookie-name", COOKIE)
        known = asked.cookie(name)
        held = next((one for one in found if known and token(line, one) == known), None)
        first = held or first
        cookie = () if held else ((("Set-Cookie", written(asked, line, name, token(line, first)))),)
    rest = [one for one in found if one != first]
    return (first, *rest)[:TRIES], cookie


def token(line: Path, target: Target) -> str:
    """Says which pod it is to nginx alone."""
    return sha256(f"{line.ingress}/{target.host}:{target.port}".encode()).hexdigest()[:32]


def written(asked: Asked, line: Path, name: str, value: str) -> str:
    rules = line.settings
    parts = [f"{name}={value}"]
    for attribute, setting in (("Max-Age", "session-cookie-max-age"),):
        if rules.text(setting).isdigit():
            parts.append(f"{attribute}={rules.text(setting)}")
    parts.append(f"Path={rules.text('session-cookie-path', '/')}")
    if asked.is_tls or rules.is_on("session-cookie-secure"):
        parts.append("Secure")
    parts.append("HttpOnly")
    if rules.text("session-cookie-samesite"):
        parts.append(f"SameSite={rules.text('session-cookie-samesite')}")
    return "; ".join(parts)
