"""The addresses behind a Service, a hundred at a time (Kubernetes: EndpointSlices)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
TYPES = ("FQDN", "IPv4", "IPv6")
ENDPOINTS_MOST, ADDRESSES_MOST = 1000, 100


def fill_in(endpoints: Body) -> None:
    for port in endpoints.get("ports") or ():
        port["name"] = port.get("name") or ""
        port["protocol"] = port.get("protocol") or "TCP"


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, names.subdomain)
    type_ = new.get("addressType") or ""
    if not type_:
        yield FieldError.required("addressType")
    elif type_ not in TYPES:
        yield FieldError.unsupported("addressType", type_, TYPES)
    if old is not None and (old.get("addressType") or "") != type_:
        yield FieldError.immutable("addressType", type_)
    endpoints = new.get("endpoints") or ()
    if len(endpoints) > ENDPOINTS_MOST:
        yield _too_many("endpoints", len(endpoints), ENDPOINTS_MOST)
    for index, endpoint in enumerate(endpoints):
        yield from _endpoint(endpoint.get("addresses") or (), type_, f"endpoints[{index}].addresses")
    yield from _ports(new.get("ports") or ())


def _endpoint(given: Sequence[str], type_: str, path: str) -> Iterator[FieldError]:
    if not given:
        yield FieldError.required(path, "must contain at least 1 address")
    if len(given) > ADDRESSES_MOST:
        yield _too_many(path, len(given), ADDRESSES_MOST)
    for index, address in enumerate(given):
        at = f"{path}[{index}]"
        if type_ == "FQDN":
            yield from (FieldError.invalid(at, address, wrong) for wrong in names.subdomain(address))
        else:
            yield from endpoint_problems(address, at)


def _ports(given: Sequence[Body]) -> Iterator[FieldError]:
    seen: list[str] = []
    for index, port in enumerate(given):
        at, name = f"ports[{index}]", port["name"]
        for wrong in names.label(name) if name else ():
            yield FieldError.invalid(f"{at}.name", name, wrong)
        if name in seen:
            yield FieldError.duplicate(f"{at}.name", name)
        seen.append(name)
        for wrong in names.port_number(port["port"]) if port.get("port") is not None else ():
            yield FieldError.invalid(f"{at}.port", port["port"], wrong)
        if port["protocol"] not in PROTOCOLS:
            yield FieldError.unsupported(f"{at}.protocol", port["protocol"], PROTOCOLS)


def _too_many(path: str, count: int, most: int) -> FieldError:
    return FieldError(path, "FieldValueTooMany", f"Too many: {count}: must have at most {most} items")


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
    validate=problems,
    generation=True,
)
