"""Where a visitor's last request from outside went, hop by hop: what the little browser tells below the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import orjson

from clusters.engine import inbox
from clusters.kernel import Hop, Outcome
from clusters.store.announce import client
from playground.visit.address import Target, shown

KEPT = 3600  # seconds
WORDS = {
    "client": "You", "dns": "Name", "load balancer": "Load balancer", "node": "Node", "service": "Service",
    "pod": "Pod", "ingress": "Ingress", "tls": "TLS", "policy": "NetworkPolicy", "address": "Address",
    "kubelet": "Kubelet", "device": "Device",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visited:
    """`reason` is why there was no answer, "" when there was."""

    address: str
    path: str  # below the cluster, to visit it again
    status: int
    reason: str
    takes: int  # microseconds of cluster time
    hops: tuple[tuple[str, str, str], ...]

    @property
    def told(self) -> str:
        took = f"{self.takes / 1000:.1f} ms" if self.takes < 1_000_000 else f"{self.takes / 1_000_000:.0f} s"
        return f"{self.reason} after {took}" if self.reason else f"{self.status} in {took}"

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """In words."""
        return [(WORDS.get(what, what), name, detail) for what, name, detail in self.hops]

    @property
    def has_failed(self) -> bool:
        """Nobody answered, or a server that could not: there is something to explain."""
        return bool(self.reason) or self.status >= 500

    @property
    def is_bad(self) -> bool:
        return bool(self.reason) or self.status >= 400


def visited(target: Target, asked: str, outcome: Outcome) -> Visited:
    """`asked` is the path with its query."""
    hops = tuple((hop.what, hop.name, hop.detail) for hop in outcome.hops)
    path = f"/c/{target.slug}/visit/{target.at}{asked}"
    reason = "" if outcome.ok else outcome.reason
    return Visited(shown(target.host, target.port, asked), path, outcome.status, reason, outcome.takes, hops)


def way(hops: tuple[Hop, ...]) -> str:
    """The way in one line, for a header: what it came by, from the client to who answered."""
    line = " > ".join(f"{hop.what} {hop.name}" for hop in hops)
    return "".join(char if " " <= char <= "~" else "?" for char in line)[:2000]


def place(cluster: int, guest: str) -> str:
    return f"podium:visited:{cluster}:{guest}"


async def remember(cluster: int, guest: str, found: Visited) -> None:
    """Raises redis.RedisError."""
    await inbox.aclient().set(place(cluster, guest), orjson.dumps(asdict(found)), ex=KEPT)


def last(cluster: int, guest: str) -> Visited | None:
    """None where there is none. Raises redis.RedisError."""
    packed: Any = client().get(place(cluster, guest))
    if not packed:
        return None
    fields = orjson.loads(packed)
    return Visited(**{**fields, "hops": tuple(tuple(hop) for hop in fields["hops"])})
