"""/etc/resolv.conf as a resolver reads it (resolv.conf(5))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SERVERS, NDOTS_MOST = 3, 15


@dataclass(frozen=True, slots=True)
class Resolver:
    """What it asks, and how long."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    ndots: int = 1
    timeout: int = 5  # seconds for each try
    attempts: int = 2

    def names(self, name: str) -> Iterator[str]:
        """The names that are asked for one after the other, all complete."""
        if name.endswith("."):
            yield name
            return
        as_it_is = f"{name}."
        searched = [f"{name}.{domain.rstrip('.')}." for domain in self.search]
        yield from [as_it_is, *searched] if name.count(".") >= self.ndots else [*searched, as_it_is]


@lru_cache(maxsize=4096)
def parse(text: str) -> Resolver:
    """Lines that mean nothing are passed over, as the C library does."""
    servers: list[str] = []
    search: tuple[str, ...] = ()
    numbers = {"ndots": 1, "timeout": 5, "attempts": 2}
    for line in text.splitlines():
        words = line.split("#")[0].split(";")[0].split()
        if len(words) < 2:
            continue
        if words[0] == "nameserver" and len(servers) < SERVERS:
            servers.append(words[1])
        elif words[0] in ("search", "domain"):
            search = tuple(words[1:])
        elif words[0] == "options":
            for word in words[1:]:
                name, _, value = word.partition(":")
                if name in numbers and value.isdecimal():
                    numbers[name] = min(int(value), NDOTS_MOST)
    return Resolver(tuple(servers), search, numbers["ndots"], numbers["timeout"], max(numbers["attempts"], 1))
