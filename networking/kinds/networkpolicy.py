"""Which connections a pod may have (Kubernetes: NetworkPolicy)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from clusters.kinds import names
from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.metadata import selector_problems
from clusters.kinds.problem import FieldError
from networking.kinds.addresses import NOT_A_RANGE, is_range
from networking.kinds.serviceproblems import PROTOCOLS

TYPES = ("Egress", "Ingress")
SIDES = (("ingress", "from"), ("egress", "to"))


def fill_in(policy: Body) -> None:
    """What a policy says nothing of: TCP, Ingress always, Egress where it has rules for it."""
    spec = policy.setdefault("spec", {})
    spec.setdefault("podSelector", {})
    for side, _ in SIDES:
        for rule in spec.get(side) or ():
            for port in rule.get("ports") or ():
                port["protocol"] = port.get("protocol") or "TCP"
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, names.subdomain)
    spec = new["spec"]
    yield from selector_problems(spec["podSelector"], "spec.podSelector")
    for side, peers in SIDES:
        for index, rule in enumerate(spec.get(side) or ()):
            at = f"spec.{side}[{index}]"
            for number, port in enumerate(rule.get("ports") or ()):
                yield from _port(port, f"{at}.ports[{number}]")
            for number, peer in enumerate(rule.get(peers) or ()):
                yield from _peer(peer, f"{at}.{peers}[{number}]")
    yield from _types(spec.get("policyTypes") or ())


def _types(given: Sequence[str]) -> Iterator[FieldError]:
    if len(given) > 2:
        yield FieldError.invalid("spec.policyTypes", list(given), "may not specify more than two policyTypes")
        return
    for index, one in enumerate(given):
        if one not in TYPES:
            yield FieldError.unsupported(f"spec.policyTypes[{index}]", one, TYPES)


def _port(port: Body, at: str) -> Iterator[FieldError]:
    if port["protocol"] not in PROTOCOLS:
        yield FieldError.unsupported(f"{at}.protocol", port["protocol"], PROTOCOLS)
    number, end = port.get("port"), port.get("endPort")
    if isinstance(number, str):
        yield from (FieldError.invalid(f"{at}.port", number, wrong) for wrong in names.port_name(number))
        if end is not None:
            yield FieldError.invalid(f"{at}.endPort", end, "may not be specified when `port` is non-numeric")
    elif number is not None:
        yield from (FieldError.invalid(f"{at}.port", number, wrong) for wrong in names.port_number(number))
        if end is not None and end < number:
            yield FieldError.invalid(f"{at}.endPort", end, "must be greater than or equal to `port`")
        elif end is not None:
            yield from (FieldError.invalid(f"{at}.endPort", end, wrong) for wrong in names.port_number(end))
    elif end is not None:
        yield FieldError.invalid(f"{at}.endPort", end, "may not be specified when `port` is not specified")


def _peer(peer: Body, at: str) -> Iterator[FieldError]:
    named = [name for name in ("podSelector", "namespaceSelector", "ipBlock") if peer.get(name) is not None]
    if not named:
        yield FieldError.required(at, "must specify a peer")
    elif "ipBlock" in named and len(named) > 1:
        yield FieldError.forbidden(at, "may not specify both ipBlock and another peer")
    for name in named:
        if name == "ipBlock":
            yield from _block(peer["ipBlock"], f"{at}.ipBlock")
        else:
            yield from selector_problems(peer[name], f"{at}.{name}")


def _block(block: Body, at: str) -> Iterator[FieldError]:
    cidr = block.get("cidr") or ""
    if not cidr:
        yield FieldError.required(f"{at}.cidr")
        return
    if not is_range(cidr):
        yield FieldError.invalid(f"{at}.cidr", cidr, NOT_A_RANGE)
        return
    for index, one in enumerate(block.get("except") or ()):
        where = f"{at}.except[{index}]"
        if not is_range(one):
            yield FieldError.invalid(where, one, NOT_A_RANGE)
        elif not _is_within(one, cidr):
            yield FieldError.invalid(where, one, "must be a strict subset of `cidr`")


def _is_within(inner: str, outer: str) -> bool:
    small, large = ip_network(inner, strict=False), ip_network(outer, strict=False)
    if small.version != large.version or small.prefixlen <= large.prefixlen:
        return False
    return small.network_address in large


NETWORKPOLICY = Kind(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    "networkpolicies",
    short=("netpol",),
    columns=framed(Column("Pod-Selector", lambda policy, _: shown(dig(policy, "spec.podSelector")))),
    defaults=fill_in,
    validate=problems,
    generation=True,
    word=lambda policy: ", ".join(dig(policy, "spec.policyTypes") or ()),
)
