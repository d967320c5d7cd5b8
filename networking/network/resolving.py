"""A pod's resolver at work: hosts file, search path, name servers, which are reached by the network like all others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address

from clusters.kernel import Lookup, Outcome, Record, Request
from clusters.kinds.body import Body, Key, dig
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from clusters.reconcile.view import View
from networking import policy
from networking.dns import caching
from networking.dns.answering import SERVFAIL, Question, answer
from networking.dns.kubernetes import NXDOMAIN, Answer
from networking.dns.names import normal, reversed_address
from networking.dns.resolvconf import Resolver, parse
from networking.network.forwarding import forward
from networking.network.trip import OUTSIDE, REFUSED, TIMEOUT, Trip, sandbox_of

GATEWAY = OUTSIDE  # the name server that the machines ask: it knows them, and nothing of the world
COREDNS = ("Server", "CoreDNS")  # how one knows a name server from anything else that listens there
UPSTREAM_TTL = 600
DEEPEST = 4  # name servers that ask name servers


@dataclass(frozen=True, slots=True)
class Found:
    """An address, or why there is none."""

    address: str | None
    reason: str = ""


def address_of(trip: Trip, host: str) -> Found:
    """What getaddrinfo would say: the pod's own hosts file first, then DNS."""
    known = from_hosts(trip, host)
    if known is not None:
        return Found(known)
    found = trip.view.kernel.network.lookup(trip.view, trip.source, host, "A")
    trip.takes += found.takes
    trip.writes.extend(found.writes)
    for name, reason in found.tried:
        trip.hop("name", name, reason)
    address = next((record.value for record in found.records if record.type == "A"), None)
    if address is None:
        trip.hops += found.hops
        return Found(None, found.reason or f"{host} has no address")
    trip.hop("dns", host, f"{address}, says {found.server}")
    return Found(address)


def from_hosts(trip: Trip, host: str) -> str | None:
    """Its own name, and hostAliases."""
    pod = trip.source
    if pod is None:
        return None
    name = normal(host)
    if name == "localhost":
        return "127.0.0.1"
    if name == normal(str(pod["spec"].get("hostname") or pod["metadata"]["name"])):
        return str(dig(pod, "status.podIP", "")) or None
    for alias in pod["spec"].get("hostAliases") or ():
        if name in [normal(one) for one in alias.get("hostnames") or ()]:
            return str(alias["ip"])
    return None


def lookup(trip: Trip, name: str, type_: str, server: str = "") -> Lookup:
    """Each name of the search path at the first name server that answers.

    A name that is there, but without a record of this type, is `ok` with no records, if none further on has one.
    """
    resolver = resolver_of(trip)
    if server:
        resolver = replace(resolver, servers=(server,))
    if not resolver.servers:
        return Lookup(ok=False, reason="no servers")
    takes = 0
    tried: list[tuple[str, str]] = []
    best = Lookup(ok=False, reason=NXDOMAIN, server=resolver.servers[0])
    for full in resolver.names(name):
        found = asked(trip, resolver, full, type_)
        takes += found.takes
        if found.records or found.reason in (TIMEOUT, REFUSED):
            tried += [(full, found.reason)] if found.reason else []
            way = trip.unasked.hops if trip.unasked and found.reason else ()
            return replace(found, takes=takes, writes=tuple(trip.writes), tried=tuple(tried), hops=way)
        tried.append((full, found.reason or "no address"))
        best = best if best.ok else found
    return replace(best, takes=takes, writes=tuple(trip.writes), tried=tuple(tried))


def asked(trip: Trip, resolver: Resolver, name: str, type_: str) -> Lookup:
    """One complete name: the servers in order, and after the last once more."""
    takes: Time = 0
    last = Lookup(ok=False, reason=TIMEOUT, server=resolver.servers[0])
    for _ in range(resolver.attempts):
        for server in resolver.servers:
            found, spent = ask(trip, server, normal(name), type_)
            takes += spent if found is not None or was_refused(trip) else resolver.timeout * SECOND
            if found is None and was_refused(trip):
                last = Lookup(ok=False, reason=REFUSED, server=server)
            if found is not None:
                last = Lookup(not found.rcode, found.rcode, server, found.records, takes)
                if found.rcode in ("", NXDOMAIN):
                    return last
        if last.reason not in (TIMEOUT, REFUSED):
            break
    return replace(last, takes=takes)


def was_refused(trip: Trip) -> bool:
    """Whether the last name server's address was known to be nobody's: the packet comes back at once."""
    return trip.unasked is not None and trip.unasked.reason == REFUSED


def resolver_of(trip: Trip) -> Resolver:
    """What the kubelet wrote into the pod's /etc/resolv.conf."""
    pod = trip.source
    if pod is None:
        return Resolver((GATEWAY,))
    box = sandbox_of(trip.view, pod)
    return parse(box.get("resolv") or "") if box else Resolver()


def ask(trip: Trip, server: str, name: str, type_: str, depth: int = 0) -> tuple[Answer | None, Time]:
    """One question to one server; None: no answer came."""
    if depth > DEEPEST or not is_address(server):
        return None, 0
    query = Trip(trip.view, trip.source, Request("dns", 53, path=f"{name} {type_}"), trip.node, trip.client)
    if server == GATEWAY:
        if not may_ask_gateway(query):
            return None, 0
        return upstream(trip.view, name, type_), MILLISECOND
    if trip.view.hit_by("DNSDown"):
        return None, 0
    outcome = forward(query, server)
    if not outcome.ok or COREDNS not in outcome.headers:
        trip.unasked = outcome
        return None, outcome.takes
    pod = answering_pod(query, outcome)
    remembered = next((value for name_, value in outcome.headers if name_ == "Remembered"), None)
    if remembered is not None:
        return caching.loaded(outcome.body, int(remembered)), outcome.takes

    def further(address: str, name: str, type_: str) -> Answer:
        return beyond(trip.view, pod, address, name, type_, depth + 1)

    found = answer(outcome.body.decode(), Question(name, type_), trip.view, further)
    seconds = caching.seconds(outcome.body.decode(), name, found)
    if seconds and pod is not None:
        remember(trip, pod, query.request, found, seconds)
    return found, outcome.takes


def remember(trip: Trip, pod: Body, asked: Request, found: Answer, seconds: int) -> None:
    """The name server's own memory, which goes when its process does."""
    keep = replace(asked, method="STORE", service=str(seconds), body=caching.dumped(found))
    trip.writes.extend(trip.view.kernel.containers.answer(trip.view, pod, keep).writes)


def answering_pod(query: Trip, outcome: Outcome) -> Body | None:
    """The CoreDNS pod that was reached."""
    name = next((hop.name for hop in reversed(outcome.hops) if hop.what == "pod"), "")
    namespace, _, own = name.partition("/")
    return query.view.get("pods", Key(namespace, own))


def beyond(view: View, pod: Body | None, address: str, name: str, type_: str, depth: int) -> Answer:
    """What CoreDNS gets to know from those to whom it forwards."""
    if pod is None:
        return Answer(SERVFAIL)
    trip = Trip(view, pod, Request("dns", 53), pod["spec"].get("nodeName") or "", dig(pod, "status.podIP", ""))
    servers = resolver_of(trip).servers if address.startswith("/") else (address.removesuffix(":53"),)
    for server in servers:
        found, _ = ask(trip, server, name, type_, depth)
        if found is not None:
            return found
    return Answer(SERVFAIL)


def may_ask_gateway(query: Trip) -> bool:
    """Policies are for packets that leave the cluster, too."""
    if query.source is None:
        return True
    source = policy.Party(query.client, query.source)
    return policy.leaving(query.view, source, policy.Party(GATEWAY), 53, "UDP").allowed


def upstream(view: View, name: str, type_: str) -> Answer:
    """The network's own name server: the machines, and nobody else. The world outside is not simulated."""
    reverse = reversed_address(name)
    if reverse is not None:
        machine = next((one for one in view.list("machines") if one.get("ip") == reverse), None)
        if machine is None:
            return Answer(NXDOMAIN)
        known = Record(f"{name}.", "PTR", UPSTREAM_TTL, f"{machine['metadata']['name']}.")
        return Answer("", (known,) if type_ == "PTR" else ())
    address = machine_named(view, name)
    if address is None:
        return Answer(NXDOMAIN)
    return Answer("", (Record(f"{name}.", "A", UPSTREAM_TTL, address),) if type_ == "A" else ())


def from_outside(view: View, name: str, type_: str) -> Lookup:
    """What a client outside the cluster gets to know."""
    found = upstream(view, normal(name), type_)
    return Lookup(not found.rcode, found.rcode, GATEWAY, found.records, MILLISECOND)


def machine_named(view: View, name: str) -> str | None:
    """The address of a machine by its name, which the network's own name server knows."""
    found: str | None = dig(view.get("machines", Key("", normal(name))), "ip")
    return found


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
