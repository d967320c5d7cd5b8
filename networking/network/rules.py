"""A node's own rules at work: a Service's address becomes an endpoint's, or nothing (kube-proxy: iptables mode)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from clusters.kinds.body import Body, Key, dig, key_of
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update
from networking.index import Index
from networking.network.trip import REFUSED, TIMEOUT, Trip, place_of
from networking.proxy.choosing import DROP, REJECT, Choice, Endpoint, choice, pick, remembered
from networking.proxy.timing import rules_on

INSIDE, OUTER = "inside", "outer"  # by its cluster IP; by a node port, a load balancer's or an external address


@dataclass(frozen=True, slots=True)
class Match:
    """A Service's port that the node has a rule for. `how`: which of its addresses was meant."""

    service: Key
    rules: Body
    port: Body
    how: str
    through: str = ""  # "node port", "load balancer" or "external IP"


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule ends it."""

    reason: str
    service: Key
    why: str


def match(view: View, node: str, address: str, port: int, transport: str) -> Match | None:
    """The rule of this node for an address and port."""
    proxy, index = view.get("proxies", Key("", node)), view.derived(Index)
    for told in index.rules_at(address):
        rules = rules_on(proxy, told, view.now, view.timings)
        found = _port(rules, port, transport, "port") if rules else None
        if rules is None or found is None:
            continue
        if address in rules["ips"]:
            return Match(key_of(told), rules, found, INSIDE)
        if address in rules["outside"]:
            through = "load balancer" if address in rules.get("balanced", ()) else "external IP"
            return Match(key_of(told), rules, found, OUTER, through)
    return None


def match_node_port(view: View, node: str, port: int, transport: str) -> Match | None:
    """The rule of this node for one of its own ports."""
    proxy, index = view.get("proxies", Key("", node)), view.derived(Index)
    for told in index.rules_on_port(port):
        rules = rules_on(proxy, told, view.now, view.timings)
        found = _port(rules, port, transport, "node") if rules else None
        if rules is not None and found is not None:
            return Match(key_of(told), rules, found, OUTER, "node port")
    return None


def _port(rules: Body, number: int, transport: str, which: str) -> Body | None:
    fits = (one for one in rules["ports"] if one.get(which) == number and one["protocol"] == transport)
    return next(fits, None)


def options(view: View, node: str, found: Match, client: str, *, from_cluster: bool) -> Choice | Refused:
    """The endpoints among which this node draws lots, or why there are none: for flows that are counted, not sent."""
    rules = found.rules
    if found.through == "load balancer" and not from_cluster and not _is_let_in(rules.get("from"), client):
        return Refused(TIMEOUT, found.service, "its loadBalancerSourceRanges do not have the client")
    local = _is_local(found, from_cluster)
    chosen = choice(rules, found.port["name"], place_of(view, node), local=local)
    if chosen.verdict in (REJECT, DROP):
        return Refused(REFUSED if chosen.verdict == REJECT else TIMEOUT, found.service, chosen.why)
    return chosen


def translate(trip: Trip, node: str, found: Match) -> Endpoint | Refused:
    """The endpoint that this node takes for the connection; the client's address may be hidden on the way."""
    rules = found.rules
    chosen = options(trip.view, node, found, trip.client, from_cluster=trip.source is not None)
    if isinstance(chosen, Refused):
        return chosen
    endpoint = _sticky(trip, node, found, chosen) if rules.get("sticky") else trip.view.random.pick(chosen.endpoints)
    if found.how == OUTER and rules.get("outer") != "Local":
        trip.client = dig(trip.view.get("machines", Key("", node)), "ip", trip.client)  # masqueraded
    how = f"{found.through}, " if found.through else ""
    trip.hop("service", str(found.service), f"{how}{_said(chosen)}: {endpoint.name} on {endpoint.node or 'no node'}")
    return endpoint


def _is_local(found: Match, from_cluster: bool) -> bool:
    """From inside the cluster, an outer address is as good as the inner one (short-circuited)."""
    if found.how == INSIDE:
        return found.rules.get("inner") == "Local"
    return found.rules.get("outer") == "Local" and not from_cluster


def _sticky(trip: Trip, node: str, found: Match, options: Choice) -> Endpoint:
    proxy = trip.view.get("proxies", Key("", node))
    assert proxy is not None
    seconds, service = int(found.rules["sticky"]), f"{found.service}:{found.port['name']}"
    held = (proxy["sticky"].get(service) or {}).get(trip.client)
    endpoint = pick(options, held, trip.view.now, seconds, trip.view.random)
    sticky = remembered(proxy["sticky"], service, trip.client, endpoint, trip.view.now, seconds)
    trip.writes.append(Update("proxies", {**proxy, "sticky": sticky}))
    return endpoint


def _said(options: Choice) -> str:
    count = len(options.endpoints)
    draining = " that end but still serve" if options.endpoints[0].state != "ready" else ""
    return f"one of {count} endpoints{draining}" if count > 1 else f"its only endpoint{draining}"


def _is_let_in(ranges: Sequence[str] | None, client: str) -> bool:
    return not ranges or any(inside(client, one) for one in ranges)


def inside(address: str, cidr: str) -> bool:
    """Whether the range has the address; what is no range has none."""
    try:
        return ip_address(address) in ip_network(cidr.strip(), strict=False)
    except ValueError:
        return False


def all_rules(view: View, node: str) -> Iterator[tuple[Key, Body]]:
    """Every Service's rules as this node has them, in order."""
    proxy = view.get("proxies", Key("", node))
    for told in view.list("proxyrules"):
        rules = rules_on(proxy, told, view.now, view.timings)
        if rules is not None:
            yield key_of(told), rules
