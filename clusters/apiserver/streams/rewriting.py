"""A stranger's answer below a prefix of ours: its links, its Location, and which of its headers pass at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

PASSING = ("cache-control", "location", "retry-after")  # of an answer's headers, beside Content-Type and X-*
OUR_OWN = ("x-content-type-options", "x-frame-options")  # which no pod can say for us
SANDBOX = (
    ("Content-Security-Policy", "sandbox allow-forms allow-scripts; default-src 'self' 'unsafe-inline' data:; "
     "frame-ancestors 'self'"),
    ("Referrer-Policy", "no-referrer"),
)  # fmt: skip
LINKS = re.compile(
    rb"""(\s(?:href|src|action|formaction|poster|data|data-src)\s*=\s*["']?|url\(\s*["']?|;\s*url=\s*)/(?![/\s>])""",
    re.IGNORECASE,
)
BARE = re.compile(rb"""(\s(?:href|action)\s*=\s*)(["'])/\2""", re.IGNORECASE)
REWRITTEN = ("text/html", "application/xhtml+xml", "text/css")


def passes(name: str) -> bool:
    """Whether a header of a stranger's reaches whoever asked; `name` in lower case."""
    if name in OUR_OWN or name.startswith("x-podium"):
        return False
    return name in PASSING or name.startswith("x-")


def passing(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Those of the short list; what would break a line does not pass."""
    return tuple((name, value) for name, value in headers if passes(name.lower()) and value.isprintable())


def content_type(headers: Iterable[tuple[str, str]]) -> str:
    found = next((value for name, value in headers if name.lower() == "content-type"), "text/plain")
    return found if found.isprintable() else "text/plain"


def below(body: bytes, kind: str, prefix: str) -> bytes:
    """Root-relative links of a page lead below the prefix, which ends without a slash."""
    if kind.partition(";")[0].strip().lower() not in REWRITTEN:
        return body
    plain = prefix.encode()
    body = BARE.sub(lambda found: found[1] + found[2] + plain + b"/" + found[2], body)
    return LINKS.sub(lambda found: found[1] + (b"/" if _is_done(found, body, plain) else plain + b"/"), body)


def _is_done(found: re.Match[bytes], body: bytes, prefix: bytes) -> bool:
    """It leads there already."""
    return body[found.end() - 1 :].startswith(prefix + b"/")


def location(value: str, prefix: str, hosts: Iterable[str] = ()) -> str:
    """Where a redirect leads: below the prefix when it stays on the host, or as it is."""
    parts = urlsplit(value)
    if not parts.netloc and parts.path.startswith("/"):
        return prefix + value
    if parts.netloc and parts.netloc in hosts:
        rest = parts._replace(scheme="", netloc="").geturl()
        return prefix + (rest if rest.startswith("/") else f"/{rest}")
    return value
