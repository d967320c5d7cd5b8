"""From outside: to a machine's port, or through a load balancer to a node that is fit for it (a cloud's part)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kernel import Outcome
from clusters.kinds.body import Body, dig, key_of
from networking.kinds.ingress import addresses_of
from networking.network import device
from networking.network.delivery import deliver, to_device
from networking.network.fitness import fit_nodes
from networking.network.resolving import is_address, machine_named
from networking.network.rules import Match, Refused, match, translate
from networking.network.trip import BAD_ADDRESS, OUTSIDE, REFUSED, TIMEOUT, Trip

__all__ = ["OUTSIDE", "send"]


def send(trip: Trip, host: str) -> Outcome:
    """A client on the network in which the machines stand."""
    trip.hop("client", trip.client, "outside the cluster")
    address = host if is_address(host) else machine_named(trip.view, host) or of_ingress(trip, host)
    if address is None:
        return trip.fail(BAD_ADDRESS, "dns", host, nameless(trip, host))
    if address in trip.index.machines:
        return deliver(trip, address, trip.request.port)
    services = trip.index.balanced_at(address)
    if services:
        return balanced(trip, address, services)
    own = device.ingresses_at(trip.view, address)
    if own:
        return to_device(trip, address, own)
    return external(trip, address)


def of_ingress(trip: Trip, host: str) -> str | None:
    """Where an Ingress' host name leads, as its owner would have it in DNS: to the address in the Ingress' status."""
    for ingress in trip.index_of_routes.naming(host.lower(), trip.view):
        for address in addresses_of(ingress):
            trip.hop("dns", host, f"{address}, the address of Ingress {key_of(ingress)}")
            return address
    return None


def nameless(trip: Trip, host: str) -> str:
    """Why a name leads nowhere."""
    found = trip.index_of_routes.naming(host.lower(), trip.view)
    if not found:
        return "no such name outside the cluster, and no Ingress has it as a host"
    return f"Ingress {key_of(found[0])} has no address: no running controller looks after its class"


def balanced(trip: Trip, address: str, services: Sequence[Body]) -> Outcome:
    """The load balancer listens on the Services' ports; it sends to one of the nodes that pass its health check."""
    port = trip.request.port
    fits = [
        service
        for service in services
        if any((p["port"], p["protocol"]) == (port, trip.transport) for p in service["spec"].get("ports") or ())
    ]
    if not fits:
        return trip.fail(REFUSED, "load balancer", address, f"does not listen on port {port}")
    nodes = fit_nodes(trip.view, fits[0])
    if not nodes:
        return trip.fail(TIMEOUT, "load balancer", address, "no node passes its health check")
    node = trip.view.random.pick(nodes)
    trip.hop("load balancer", address, f"{key_of(fits[0])}: one of {len(nodes)} nodes: {node}")
    trip.node = node
    found = match(trip.view, node, address, port, trip.transport)
    if found is None:  # the node's proxy has not heard of it yet
        return trip.fail(REFUSED, "node", node, f"has no rule for {address}:{port} yet")
    return by_rule(trip, node, found)


def by_rule(trip: Trip, node: str, found: Match) -> Outcome:
    endpoint = translate(trip, node, found)
    if isinstance(endpoint, Refused):
        return trip.fail(endpoint.reason, "service", str(endpoint.service), endpoint.why)
    return deliver(trip, endpoint.address, endpoint.port)


def external(trip: Trip, address: str) -> Outcome:
    """An external IP is routed to any node by whoever set it up; cluster addresses mean nothing outside."""
    port = trip.request.port
    for told in trip.index.rules_at(address):
        service = trip.view.get("services", key_of(told))
        if service is None or address not in (dig(service, "spec.externalIPs") or ()):
            continue
        nodes = fit_nodes(trip.view, service)
        if nodes:
            trip.node = trip.view.random.pick(nodes)
            found = match(trip.view, trip.node, address, port, trip.transport)
            if found is not None:
                return by_rule(trip, trip.node, found)
            return trip.fail(REFUSED, "node", trip.node, f"has no rule for {address}:{port}")
    why = "an address inside the cluster means nothing outside" if inner(trip, address) else "nobody has it"
    return trip.fail(TIMEOUT, "address", address, why)


def inner(trip: Trip, address: str) -> bool:
    return trip.index.pod_at(address) is not None or bool(trip.index.rules_at(address))
