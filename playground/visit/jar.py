"""The cookies that a cluster's pages set, kept per visitor and host on the server (RFC 6265, what is needed of it)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clusters.engine import inbox

KEPT = 24 * 3600  # seconds
MOST, LONGEST = 50, 4096  # cookies in a jar; bytes of one


@dataclass(frozen=True, slots=True)
class Cookie:
    """`ends`: seconds since 1970, 0: when the jar is thrown away."""

    value: str
    path: str = "/"
    ends: float = 0
    secure: bool = False


Jar = dict[str, Cookie]


def after(jar: Mapping[str, Cookie], headers: Iterable[tuple[str, str]], now: float) -> Jar | None:
    """The jar with what Set-Cookie says; None where nothing changes."""
    found, changed = dict(jar), False
    for name, value in headers:
        if name.lower() == "set-cookie" and len(value) <= LONGEST:
            changed = _put(found, value, now) or changed
    return dict(list(found.items())[-MOST:]) if changed else None


def _put(jar: Jar, line: str, now: float) -> bool:
    first, *rest = line.split(";")
    name, equals, value = first.strip().partition("=")
    if not equals or not name or not (name + value).isprintable():
        return False
    told = {key.strip().lower(): text.strip() for key, _, text in (one.partition("=") for one in rest)}
    age = told.get("max-age", "")
    if age.lstrip("-").isdigit() and int(age) <= 0:
        return jar.pop(name, None) is not None
    path = told.get("path", "/")
    ends = now + int(age) if age.isdigit() else 0
    jar[name] = Cookie(value, path if path.startswith("/") else "/", ends, "secure" in told)
    return True


def sent(jar: Mapping[str, Cookie], path: str, now: float, *, is_tls: bool) -> str:
    """The Cookie header for a path; "" for none."""
    fits = (
        f"{name}={cookie.value}"
        for name, cookie in jar.items()
        if (is_tls or not cookie.secure) and (not cookie.ends or cookie.ends > now) and _is_below(path, cookie.path)
    )
    return "; ".join(fits)


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(prefix if prefix.endswith("/") else f"{prefix}/")


def place(cluster: int, guest: str, host: str) -> str:
    return f"podium:jar:{cluster}:{guest}:{host}"


async def load(where: str) -> Jar:
    """Raises redis.RedisError."""
    packed = await inbox.aclient().get(where)
    return {name: Cookie(*fields) for name, fields in json.loads(packed).items()} if packed else {}


async def keep(where: str, jar: Mapping[str, Cookie]) -> None:
    packed = {name: [one.value, one.path, one.ends, one.secure] for name, one in jar.items()}
    await inbox.aclient().set(where, json.dumps(packed), ex=KEPT)
