"""CoreDNS' plugin `cache`: for how long an answer is remembered (coredns.io: cache)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from clusters.kernel import Record
from networking.dns.corefile import Directive, parse, server_for
from networking.dns.kubernetes import Answer
from networking.dns.names import is_below, normal

POSITIVE_MOST, NEGATIVE_MOST = 3600, 1800  # seconds
NEGATIVE = 30  # what an answer without records would say of itself


def seconds(corefile: str, name: str, found: Answer) -> int:
    """How long the server remembers this answer to a question for that name; 0: not at all.

    What comes from beyond the cluster never changes, so nothing is gained by remembering it.
    """
    server = server_for(parse(corefile), name)
    directive = server.first("cache") if server else None
    if server is None or directive is None or found.rcode not in ("", "NXDOMAIN"):
        return 0
    kind = "success" if found.records else "denial"
    if not serves(server.all("kubernetes"), name) and not server.all("hosts"):
        return 0
    if any(is_disabled(line, kind, name) for line in directive.lines):
        return 0
    most = POSITIVE_MOST if found.records else NEGATIVE_MOST
    given = next((word for word in directive.args if word.isdecimal()), None)
    most = int(given) if given else most
    return min([most, *(record.ttl for record in found.records)]) if found.records else min(most, NEGATIVE)


def serves(directives: Sequence[Directive], name: str) -> bool:
    """Whether the cluster itself knows such names."""
    return any(is_below(name, normal(zone)) for one in directives for zone in one.args or ("",))


def is_disabled(line: tuple[str, ...], kind: str, name: str) -> bool:
    """`disable success cluster.local`."""
    if line[:2] != ("disable", kind):
        return False
    return any(is_below(name, normal(zone)) for zone in line[2:] or ("",))


def dumped(found: Answer) -> bytes:
    return orjson.dumps([found.rcode, [[one.name, one.type, one.ttl, one.value] for one in found.records]])


def loaded(text: bytes, left: int) -> Answer:
    """As it was remembered, with the time that is left."""
    rcode, records = orjson.loads(text)
    return Answer(rcode, tuple(Record(name, type_, min(ttl, left), value) for name, type_, ttl, value in records))
