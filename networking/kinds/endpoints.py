"""The addresses behind a Service in one list (Kubernetes: Endpoints, deprecated since 1.33)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds import names
from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.problem import FieldError
from clusters.reconcile.clock import Time
from networking.kinds.addresses import endpoint_problems
from networking.kinds.serviceproblems import PROTOCOLS

SHOWN = 3


def fill_in(endpoints: Body) -> None:
    for subset in endpoints.get("subsets") or ():
        for port in subset.get("ports") or ():
            port["protocol"] = port.get("protocol") or "TCP"


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, names.subdomain)
    for index, subset in enumerate(new.get("subsets") or ()):
        yield from _subset(subset, f"subsets[{index}]")


def _subset(subset: Body, path: str) -> Iterator[FieldError]:
    if not subset.get("addresses") and not subset.get("notReadyAddresses"):
        yield FieldError.required(path, "must specify `addresses` or `notReadyAddresses`")
    for group in ("addresses", "notReadyAddresses"):
        for index, address in enumerate(subset.get(group) or ()):
            yield from endpoint_problems(address.get("ip") or "", f"{path}.{group}[{index}].ip")
    ports = subset.get("ports") or ()
    for index, port in enumerate(ports):
        at, name = f"{path}.ports[{index}]", port.get("name") or ""
        if len(ports) > 1 and not name:
            yield FieldError.required(f"{at}.name")
        for wrong in names.label(name) if name else ():
            yield FieldError.invalid(f"{at}.name", name, wrong)
        for wrong in names.port_number(port.get("port") or 0):
            yield FieldError.invalid(f"{at}.port", port.get("port") or 0, wrong)
        if port["protocol"] not in PROTOCOLS:
            yield FieldError.unsupported(f"{at}.protocol", port["protocol"], PROTOCOLS)


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
    validate=problems,
)
