"""What stands behind `visit/` in an address: whom to ask, at which port, for which path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

PATH = re.compile(
    r"/c/(?P<slug>[-a-zA-Z0-9_]+)/visit/(?:~(?P<ticket>[-\w:.]+)/)?(?P<at>[^/]+)(?P<path>/.*)?\Z", re.DOTALL
)
AT = re.compile(r"(?P<host>[A-Za-z0-9](?:[-A-Za-z0-9.]{0,252}))(?::(?P<port>\d{1,5}))?")
HTTPS = 443


@dataclass(frozen=True, slots=True)
class Target:
    """`path` begins with a slash; "" where the address has none behind the host."""

    slug: str
    ticket: str
    host: str
    port: int
    path: str

    @property
    def at(self) -> str:
        """As the address bar and the Host header say it."""
        return self.host if self.port == 80 else f"{self.host}:{self.port}"

    @property
    def prefix(self) -> str:
        """What the pod's own paths stand below."""
        ticket = f"~{self.ticket}/" if self.ticket else ""
        return f"/c/{self.slug}/visit/{ticket}{self.at}"

    @property
    def names(self) -> dict[str, int]:
        """How a redirect may name this host, and the port it means."""
        return {self.host: 80, f"{self.host}:{self.port}": self.port}


def target(path: str) -> Target | None:
    """None for what is no such address."""
    found = PATH.fullmatch(path)
    at = AT.fullmatch(found["at"]) if found else None
    if found is None or at is None or not 0 < int(at["port"] or 80) < 65536:
        return None
    host = at["host"].lower().rstrip(".")
    return Target(found["slug"], found["ticket"] or "", host, int(at["port"] or 80), found["path"] or "")


def visit_path(slug: str, typed: str) -> str | None:
    """The address below the cluster for what somebody typed; None for what cannot be one."""
    scheme, mark, rest = typed.strip().partition("://")
    if not mark:
        scheme, rest = "http", typed.strip()
    at, slash, path = rest.partition("/")
    if scheme == "https" and ":" not in at:
        at = f"{at}:{HTTPS}"
    if scheme not in ("http", "https") or AT.fullmatch(at) is None:
        return None
    return f"/c/{slug}/visit/{at}/{quote(path, safe='/?&=%~+,;:@!$*().-_')}" if slash else f"/c/{slug}/visit/{at}/"


def shown(host: str, port: int, path: str) -> str:
    """As a browser's address bar has it."""
    if port == HTTPS:
        return f"https://{host}{path}"
    return f"http://{host}{path}" if port == 80 else f"http://{host}:{port}{path}"
