"""The network as a whole: from a pod, or from outside, to whatever a name or an address leads to."""

from __future__ import annotations

from clusters.kernel import Lookup, Outcome, Request
from clusters.kinds.body import Body, key_of
from clusters.reconcile.view import View
from networking.network import outside, resolving
from networking.network.forwarding import forward
from networking.network.trip import BAD_ADDRESS, UNREACHABLE, Trip, is_up, sandbox_of


class ClusterNetwork:
    """Every request goes by the rules of the node on which it stands."""

    def send(self, view: View, source: Body | None, host: str, request: Request) -> Outcome:
        """What became of it, with the true reason and the way that it took."""
        if source is None:
            return outside.send(Trip(view, None, request, client=request.client or outside.OUTSIDE), host)
        trip = departing(view, source, request)
        if trip is None:
            return Outcome(ok=False, reason=UNREACHABLE)
        return send(trip, host)

    def lookup(self, view: View, source: Body | None, name: str, type_: str = "A", server: str = "") -> Lookup:
        """What the pod's own resolver, or that one name server, gets to know of a name."""
        if source is None:
            return resolving.from_outside(view, name, type_)
        trip = departing(view, source, Request("dns", 53))
        return resolving.lookup(trip, name, type_, server) if trip else Lookup(ok=False, reason="no servers")


def departing(view: View, source: Body, request: Request) -> Trip | None:
    """A request that leaves a pod; None while the pod has no network."""
    node, box = source["spec"].get("nodeName") or "", sandbox_of(view, source)
    address = box["ip"] if box else ""
    if not address or not is_up(view, node):
        return None
    trip = Trip(view, source, request, node, address)
    if source["spec"].get("containers"):
        trip.hop("pod", str(key_of(source)), f"{address} on {node}")
    else:  # no pod at all
        trip.hop("program", node, address)
    return trip


def send(trip: Trip, host: str) -> Outcome:
    """From a pod: its resolver first, then its node's rules."""
    if resolving.is_address(host):
        return forward(trip, host)
    found = resolving.address_of(trip, host)
    if found.address is None:
        return trip.fail(BAD_ADDRESS, "dns", host, found.reason)
    return forward(trip, found.address)


NETWORK = ClusterNetwork()
