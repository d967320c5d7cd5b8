"""From a node on: its own rules make of an address what they make of it, then to whom that leads."""

from __future__ import annotations

from clusters.kernel import Outcome
from networking.network.delivery import deliver
from networking.network.rules import Refused, match, translate
from networking.network.trip import Trip


def forward(trip: Trip, address: str) -> Outcome:
    """An address by the rules of the node on which the packet is."""
    port = trip.request.port
    found = match(trip.view, trip.node, address, port, trip.transport)
    if found is None:
        return deliver(trip, address, port)
    endpoint = translate(trip, trip.node, found)
    if isinstance(endpoint, Refused):
        return trip.fail(endpoint.reason, "service", str(endpoint.service), endpoint.why)
    return deliver(trip, endpoint.address, endpoint.port)
