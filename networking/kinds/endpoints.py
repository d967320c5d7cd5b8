"""The addresses behind a Service in one list (Kubernetes: Endpoints, deprecated since 1.33)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.reconcile.clock import Time

SHOWN = 3


def fill_in(endpoints: Body) -> None:
    for subset in endpoints.get("subsets") or ():
        for port in subset.get("ports") or ():
            port["protocol"] = port.get("protocol") or "TCP"


def listed(endpoints: Body, _: Time) -> str:
    """`10.244.1.2:80,10.244.1.3:80`, three of them at most."""
    found = [pair for subset in endpoints.get("subsets") or () for pair in _pairs(subset)]
    more = f" + {len(found) - SHOWN} more..." if len(found) > SHOWN else ""
    return ",".join(found[:SHOWN]) + more if endpoints.get("subsets") else "<none>"


def _pairs(subset: Body) -> Iterator[str]:
    addresses = [address["ip"] for address in subset.get("addresses") or ()]
    if not subset.get("ports"):
        yield from addresses
    for port in subset.get("ports") or ():
        yield from (f"{address}:{port['port']}" for address in addresses)


ENDPOINTS = Kind(
    "v1",
    "Endpoints",
    "endpoints",
    short=("ep",),
    columns=framed(Column("Endpoints", listed)),
    defaults=fill_in,
)
