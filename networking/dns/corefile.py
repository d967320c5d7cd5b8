"""CoreDNS' Corefile: server blocks with their plugins (coredns.io: Configuration)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from networking.dns.names import is_below, normal

PORT = 53
SCHEMES = ("dns://", "tls://", "https://", "grpc://")


@dataclass(frozen=True, slots=True)
class Directive:
    """`kubernetes cluster.local { pods insecure }`: name, words behind it, lines in its braces."""

    name: str
    args: tuple[str, ...] = ()
    lines: tuple[tuple[str, ...], ...] = ()

    def line(self, name: str) -> tuple[str, ...] | None:
        """What stands behind the first line of this name."""
        return next((words[1:] for words in self.lines if words[0] == name), None)


@dataclass(frozen=True, slots=True)
class Server:
    """One server block: the zones that it serves on the port, and its plugins."""

    zones: tuple[str, ...]
    directives: tuple[Directive, ...]

    def all(self, name: str) -> Sequence[Directive]:
        return [one for one in self.directives if one.name == name]

    def first(self, name: str) -> Directive | None:
        return next(iter(self.all(name)), None)


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[Server, ...]:
    """The blocks for DNS on port 53. What is not closed ends with the text: whoever runs it would not have started."""
    words = list(_words(text))
    servers, at = [], 0
    while at < len(words):
        keys = []
        while at < len(words) and words[at] != "{":
            if words[at] != "\n":
                keys.append(words[at].rstrip(","))
            at += 1
        lines, at = _block(words, at + 1)
        zones = tuple(zone for key in keys if (zone := _zone(key)) is not None)
        if zones:
            servers.append(Server(zones, tuple(_directives(lines))))
    return tuple(servers)


def server_for(servers: Sequence[Server], name: str) -> Server | None:
    """The block with the longest zone that the name is in."""
    best: tuple[int, Server] | None = None
    for server in servers:
        for zone in server.zones:
            if is_below(name, zone) and (best is None or len(zone) > best[0]):
                best = len(zone), server
    return best[1] if best else None


def _words(text: str) -> Iterator[str]:
    for line in text.splitlines():
        found = line.split("#")[0].split()
        yield from found
        yield "\n"


Line = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _block(words: Sequence[str], at: int) -> tuple[list[Line], int]:
    """Lines up to the closing brace, each with the lines in its own braces."""
    found: list[Line] = []
    line: list[str] = []
    while at < len(words) and words[at] != "}":
        word = words[at]
        at += 1
        if word == "{":
            inner, at = _block(words, at)
            found.append((tuple(line), tuple(head for head, _ in inner)))
            line = []
        elif word == "\n":
            if line:
                found.append((tuple(line), ()))
            line = []
        else:
            line.append(word)
    if line:
        found.append((tuple(line), ()))
    return found, at + 1


def _directives(lines: Sequence[Line]) -> Iterator[Directive]:
    return (Directive(head[0], head[1:], inner) for head, inner in lines if head)


def _zone(key: str) -> str | None:
    """`.:53`, `dns://example.org`, `example.org`; None for another port or protocol."""
    if key.startswith(SCHEMES[1:]):
        return None
    name, colon, port = key.removeprefix("dns://").rpartition(":")
    if not colon:
        name, port = port, str(PORT)
    return normal(name) if port == str(PORT) else None
