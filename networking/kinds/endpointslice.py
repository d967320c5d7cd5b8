"""The addresses behind a Service, a hundred at a time (Kubernetes: EndpointSlices)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.reconcile.clock import Time

SHOWN = 3


def fill_in(endpoints: Body) -> None:
    for port in endpoints.get("ports") or ():
        port["name"] = port.get("name") or ""
        port["protocol"] = port.get("protocol") or "TCP"


def ports(endpoints: Body, _: Time) -> str:
    return _first([str(port.get("port") or "*") for port in endpoints.get("ports") or ()])


def addresses(endpoints: Body, _: Time) -> str:
    return _first([one for endpoint in endpoints.get("endpoints") or () for one in endpoint.get("addresses") or ()])


def _first(found: Sequence[str]) -> str:
    more = f" + {len(found) - SHOWN} more..." if len(found) > SHOWN else ""
    return ",".join(found[:SHOWN]) + more if found else "<unset>"


ENDPOINTSLICE = Kind(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "endpointslices",
    columns=framed(
        Column("AddressType", "addressType"),
        Column("Ports", ports),
        Column("Endpoints", addresses),
    ),
    defaults=fill_in,
    generation=True,
)
