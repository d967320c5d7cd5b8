"""Addresses and ports for Services (Kubernetes: Service ClusterIP allocation, NodePort ranges)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address

from clusters.admission.step import Step
from clusters.kinds.body import Body, uid_of
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.chance import Chance
from clusters.reconcile.view import View
from networking.kinds.service import ADDRESSED
from networking.kinds.serviceproblems import HEADLESS

NETWORK = IPv4Network("10.96.0.0/12")  # as --service-cluster-ip-range has it
PORTS = range(30000, 32768)
# the lower end is left to those who choose for themselves (KEP-3070, KEP-3668)
OWN_CHOICE_ADDRESSES, OWN_CHOICE_PORTS = 256, 86


def allocate(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """The Service with a cluster IP and node ports: those it has, those it asks for, or free ones."""
    if new is None:
        return None
    spec = _carried(new["spec"], old["spec"] if old else {})
    others = [service["spec"] for service in view.list("services") if uid_of(service) != uid_of(new)]
    found: Body | FieldError = _with_address(spec, others, view.random)
    if not isinstance(found, FieldError):
        found = _with_ports(found, others, view.random)
    if not isinstance(found, FieldError):
        found = _with_health_port(found, others, view.random)
    if isinstance(found, FieldError):
        return Status.invalid("Service", "", new["metadata"]["name"], [found])
    return {**new, "spec": found}


def needs_address(spec: Body) -> bool:
    """Whether this type of Service has an address inside the cluster."""
    return spec.get("type") in ADDRESSED


def needs_ports(spec: Body) -> bool:
    """Whether this type of Service is reached on every node."""
    if spec.get("type") == "LoadBalancer":
        return spec.get("allocateLoadBalancerNodePorts") is not False
    return spec.get("type") == "NodePort"


def _carried(spec: Body, old: Body) -> Body:
    """What an update did not mention stays; what the new type has no use for goes."""
    spec = _normal(spec, old)
    if needs_address(old):
        same = spec.get("clusterIPs") == old.get("clusterIPs")
        if needs_address(spec) and not spec.get("clusterIP"):
            spec = {**spec, "clusterIP": old["clusterIP"], "clusterIPs": old["clusterIPs"]}
        elif not needs_address(spec) and same:
            spec = _less(spec, "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy")
    if spec.get("type") not in ("NodePort", "LoadBalancer") and old.get("type") != spec.get("type"):
        spec = _less(spec, "externalTrafficPolicy", "allocateLoadBalancerNodePorts")
    spec = _carried_health_port(spec, old)
    return {**spec, "ports": _carried_ports(spec, old)} if needs_ports(old) and spec.get("ports") else spec


def _carried_health_port(spec: Body, old: Body) -> Body:
    had = old.get("healthCheckNodePort")
    is_local = spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    if had and is_local and not spec.get("healthCheckNodePort"):
        return {**spec, "healthCheckNodePort": had}
    return (
        _less(spec, "healthCheckNodePort") if had and not is_local and spec.get("healthCheckNodePort") == had else spec
    )


def _normal(spec: Body, old: Body) -> Body:
    """`clusterIP` and `clusterIPs[0]` are one thing with two names."""
    one, several = spec.get("clusterIP"), spec.get("clusterIPs")
    if one and not several:
        return {**spec, "clusterIPs": [one]}
    if old and one != old.get("clusterIP") and several == old.get("clusterIPs"):
        return {**spec, "clusterIPs": [one] if one else []}
    return spec


def _carried_ports(spec: Body, old: Body) -> Sequence[Body]:
    had = {_place(port): port.get("nodePort") for port in old.get("ports") or ()}
    if not needs_ports(spec):
        own = list(had.values())
        return [_less(port, "nodePort") if port.get("nodePort") in own else port for port in spec["ports"]]
    given = [port.get("nodePort") for port in spec["ports"] if port.get("nodePort")]
    return [
        {**port, "nodePort": had[_place(port)]}
        if not port.get("nodePort") and had.get(_place(port)) and had[_place(port)] not in given
        else port
        for port in spec["ports"]
    ]


def _with_address(spec: Body, others: Sequence[Body], random: Chance) -> Body | FieldError:
    wanted = (spec.get("clusterIPs") or [""])[0]
    if not needs_address(spec) or wanted == HEADLESS:
        return spec
    taken = frozenset(other.get("clusterIP") for other in others)
    if not wanted:
        free = _free_address(taken, random)
        if free is None:
            return _full("spec.clusterIPs", "failed to allocate a serviceIP")
        return {**spec, "clusterIP": free, "clusterIPs": [free]}
    problem = _address_problem(wanted, taken)
    if problem:
        return FieldError.invalid("spec.clusterIPs", spec["clusterIPs"], f"failed to allocate IP {wanted}: {problem}")
    return spec


def _address_problem(wanted: str, taken: Collection[str | None]) -> str:
    try:
        address = ip_address(wanted)
    except ValueError:
        return ""  # validation says what it should look like
    if address not in NETWORK or address in (NETWORK.network_address, NETWORK.broadcast_address):
        return "the provided network does not match the current range"
    return "provided IP is already allocated" if wanted in taken else ""


def _free_address(taken: Collection[str | None], random: Chance) -> str | None:
    """From the upper band; when that is full, from the band of those who choose for themselves."""
    start, first, end = random.bits(), int(NETWORK.network_address) + 1, int(NETWORK.broadcast_address)
    for low, high in ((first + OWN_CHOICE_ADDRESSES - 1, end), (first, first + OWN_CHOICE_ADDRESSES - 1)):
        size = high - low
        for step in range(size):
            address = str(IPv4Address(low + (start + step) % size))
            if address not in taken:
                return address
    return None


def _full(path: str, what: str) -> FieldError:
    return FieldError(path, "InternalError", f"Internal error: {what}: range is full")


def _with_ports(spec: Body, others: Sequence[Body], random: Chance) -> Body | FieldError:
    if not needs_ports(spec) or not spec.get("ports"):
        return spec
    taken = _taken_ports(others)
    for index, port in enumerate(spec["ports"]):
        problem = _port_problem(port.get("nodePort"), taken)
        if problem:
            return FieldError.invalid(f"spec.ports[{index}].nodePort", port["nodePort"], problem)
    taken += [port.get("nodePort") for port in spec["ports"]]
    ports = []
    for index, port in enumerate(spec["ports"]):
        number = port.get("nodePort") or _free_port(taken, random)
        if not number:
            return _full(f"spec.ports[{index}].nodePort", "failed to allocate a nodePort")
        taken.append(number)
        ports.append({**port, "nodePort": number})
    return {**spec, "ports": ports}


def _with_health_port(spec: Body, others: Sequence[Body], random: Chance) -> Body | FieldError:
    """Where a load balancer asks each node whether it has endpoints of its own."""
    if spec.get("type") != "LoadBalancer" or spec.get("externalTrafficPolicy") != "Local":
        return spec
    own = [port.get("nodePort") for port in spec.get("ports") or ()]
    wanted = spec.get("healthCheckNodePort")
    problem = _port_problem(wanted, [*_taken_ports(others), *own])
    if problem:
        return FieldError.invalid("spec.healthCheckNodePort", wanted, problem)
    number = wanted or _free_port([*_taken_ports(others), *own], random)
    return (
        {**spec, "healthCheckNodePort": number} if number else _full("spec.healthCheckNodePort", "failed to allocate")
    )


def _taken_ports(others: Sequence[Body]) -> list[int | None]:
    ports = [port.get("nodePort") for other in others for port in other.get("ports") or ()]
    return [*ports, *(other["healthCheckNodePort"] for other in others if other.get("healthCheckNodePort"))]


def _port_problem(wanted: int | None, taken: Collection[int | None]) -> str:
    if not wanted:
        return ""
    if wanted not in PORTS:
        known = f"{PORTS.start}-{PORTS.stop - 1}"
        return f"provided port is not in the valid range. The range of valid ports is {known}"
    return "provided port is already allocated" if wanted in taken else ""


def _free_port(taken: Collection[int | None], random: Chance) -> int | None:
    start = random.bits()
    for band in (PORTS[OWN_CHOICE_PORTS:], PORTS[:OWN_CHOICE_PORTS]):
        for step in range(len(band)):
            port = band[(start + step) % len(band)]
            if port not in taken:
                return port
    return None


def _place(port: Body) -> tuple[int | None, str | None]:
    return port.get("port"), port.get("protocol")


def _less(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


STEP = Step("ServiceIPAM", ("services",), ("CREATE", "UPDATE"), allocate)
