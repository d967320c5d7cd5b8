"""Which endpoint a connection to a Service gets on a node (kube-proxy: CategorizeEndpoints, traffic policies)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body
from clusters.reconcile.chance import Chance
from clusters.reconcile.clock import SECOND, Time
from networking.proxy.compile import DRAINING, READY

ACCEPT, REJECT, DROP = "accept", "reject", "drop"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place to which a rule leads."""

    address: str
    port: int
    node: str
    state: str
    zones: Sequence[str] = ()
    nodes: Sequence[str] = ()

    @property
    def name(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Place:
    """The node on which the rules are, as they need to know it."""

    node: str
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`reject`: nobody at all; `drop`: the policy is Local, and nobody is here."""

    verdict: str
    endpoints: Sequence[Endpoint] = ()
    why: str = ""


def endpoints_of(rules: Body, port: str) -> list[Endpoint]:
    """All endpoints of one of the Service's ports, each address once; a ready one counts more than a draining one."""
    found: dict[str, Endpoint] = {}
    for slice_ in rules["slices"]:
        number = slice_["ports"].get(port)
        for address, node, state, *hints in slice_["endpoints"] if number else ():
            zones, nodes = hints or ((), ())
            made = Endpoint(address, number, node, state, zones, nodes)
            if made.name not in found or state == READY:
                found[made.name] = made
    return list(found.values())


def choice(rules: Body, port: str, place: Place, *, local: bool) -> Choice:
    """The endpoints that may be taken, under the policy Cluster or `local`."""
    known = endpoints_of(rules, port)
    if not known:
        return Choice(REJECT, why="has no endpoints")
    if local:
        here = _usable([one for one in known if one.node == place.node])
        return Choice(ACCEPT, here) if here else Choice(DROP, why="has no local endpoints")
    found = _near([one for one in known if one.state == READY], place) or _usable(known)
    return Choice(ACCEPT, found)


def _usable(known: Sequence[Endpoint]) -> list[Endpoint]:
    """Those that are ready; if none is, those that end but still serve (KEP-1669)."""
    ready = [one for one in known if one.state == READY]
    return ready or [one for one in known if one.state == DRAINING]


def _near(ready: list[Endpoint], place: Place) -> list[Endpoint]:
    """What the hints say is for this node or zone, if every ready endpoint has a hint (traffic distribution)."""
    if ready and all(one.nodes for one in ready) and any(place.node in one.nodes for one in ready):
        return [one for one in ready if place.node in one.nodes]
    if place.zone and ready and all(one.zones for one in ready):
        return [one for one in ready if place.zone in one.zones]
    return ready


def pick(found: Choice, held: Mapping[str, object] | None, now: Time, seconds: int, chance: Chance) -> Endpoint:
    """One of them at random, or the one that this client had last, if that is not too long ago.

    `held`: {"to": endpoint, "at": time} of this client.
    """
    if held is not None and isinstance(held["at"], int) and now - held["at"] < seconds * SECOND:
        for endpoint in found.endpoints:
            if endpoint.name == held["to"]:
                return endpoint
    return chance.pick(found.endpoints)


def remembered(sticky: Body, service: str, client: str, endpoint: Endpoint, now: Time, seconds: int) -> Body:
    """The kernel's memory of clients, with this one at this endpoint; what is over is forgotten."""
    clients = dict(_fresh(sticky.get(service) or {}, now, seconds))
    return {**sticky, service: {**clients, client: {"to": endpoint.name, "at": now}}}


def _fresh(clients: Body, now: Time, seconds: int) -> Iterator[tuple[str, Body]]:
    return ((client, held) for client, held in clients.items() if now - held["at"] < seconds * SECOND)
