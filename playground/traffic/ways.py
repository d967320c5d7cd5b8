"""The way of one request, hop by hop, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key
from clusters.reconcile.clock import SECOND, Time
from networking.traffic.histogram import told
from networking.traffic.reasons import explained

Hop = Sequence[str]
SAID = {
    "program": "A program on the machine {name} sends it, as {detail}.",
    "client": "A client outside the cluster sends it: {name}.",
    "name": "It asks for the complete name {name}: {detail}.",
    "dns": "The name {name} is looked up: {detail}.",
    "service": "The node's own rules know the Service {name}: {detail}.",
    "load balancer": "The load balancer {name} takes it: {detail}.",
    "node": "It comes to the machine {name}: {detail}.",
    "policy": "The NetworkPolicy {name} stops it: {detail}.",
    "ingress": "The Ingress {name} has a rule for it: {detail}.",
    "address": "It goes to the address {name}: {detail}.",
    "kubelet": "The kubelet of {name} takes it: {detail}.",
}


@dataclass(frozen=True, slots=True)
class Way:
    """`id` stays the same from one look to the next. `stands`: for how many requests of that second it speaks.

    `asks`: where it is told why this one failed, below the cluster's own address.
    """

    id: str
    when: str
    reason: str
    why: str
    sender: str
    goal: str
    took: str
    stands: int
    steps: tuple[str, ...]
    attempt: int = 0
    asks: str = ""


def way(trace: Body, now: Time, of: Key) -> Way:
    """`of`: the Traffic."""
    reason = trace["reason"]
    ago = max(0, now - int(trace["at"])) // SECOND
    took = told(int(trace["took"]))
    return Way(
        id=id_of(trace),
        when="now" if ago < 2 else f"{ago} s ago",
        reason=reason,
        why=explained(reason) if reason else "It was answered.",
        sender=trace["from"],
        goal=trace["to"],
        took=took,
        stands=int(trace["stands"]),
        steps=tuple(steps(trace["hops"], reason, trace["status"], took)),
        attempt=int(trace.get("attempt", 0)),
        asks=f"traffic/{of.namespace}/{of.name}/why/?way={id_of(trace)}" if reason else "",
    )


def id_of(trace: Body) -> str:
    return f"way-{trace['at']}-{hash_of(trace['name'])}"


def steps(hops: Sequence[Hop], reason: str, status: int, took: str) -> Iterator[str]:
    """One sentence a hop, and one for the end."""
    for place, (what, name, detail) in enumerate(hops):
        if what == "pod" and place == 0:
            yield f"It leaves {name}, {detail}."
        elif what == "pod":
            yield f"It reaches {name}, {detail}."
        else:
            yield SAID.get(what, f"{what[:1].upper()}{what[1:]} {{name}}: {{detail}}.").format(name=name, detail=detail)
    if not reason:
        yield f"The answer is {status}, {took} after the question." if status else f"It is answered after {took}."
    elif reason.startswith("HTTP "):
        yield f"The answer is {status}. {explained(reason)}"
    else:
        yield f"The client learns of it {'at once' if took == told(0) else f'after {took}'}: {reason}."


def hash_of(text: str) -> int:
    """The same in every process."""
    found = 0
    for letter in text:
        found = (found * 31 + ord(letter)) % 1_000_003
    return found
