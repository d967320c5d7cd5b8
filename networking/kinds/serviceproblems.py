"""What may be wrong with a Service (Kubernetes: ValidateService, ValidateServiceUpdate)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clusters.kinds import names
from clusters.kinds.body import Body, dig
from clusters.kinds.metadata import label_problems
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.problem import FieldError
from networking.kinds.addresses import NOT_A_RANGE, address_problems, endpoint_problems, is_range

HEADLESS = "None"
TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
OUTSIDE = ("LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")
POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameNode", "PreferSameZone")
STICKY_MOST = 86400


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, names.dns1035)
    spec = new["spec"]
    if spec["type"] not in TYPES:
        yield FieldError.unsupported("spec.type", spec["type"], TYPES)
    if not spec.get("ports") and spec["type"] != "ExternalName" and spec.get("clusterIP") != HEADLESS:
        yield FieldError.required("spec.ports")
    yield from _by_type(spec)
    yield from _ports(spec)
    yield from label_problems(spec.get("selector") or {}, "spec.selector")
    yield from _affinity(spec)
    yield from _addresses(spec)
    yield from _families(spec)
    yield from _policies(spec)
    if old is not None:
        yield from _changes(spec, old["spec"])


def _by_type(spec: Body) -> Iterator[FieldError]:
    kind = spec["type"]
    if kind in OUTSIDE and spec.get("clusterIP") == HEADLESS:
        yield FieldError.invalid("spec.clusterIPs[0]", HEADLESS, f"may not be set to 'None' for {kind} services")
    if kind == "ExternalName":
        if spec.get("clusterIP"):
            yield FieldError.forbidden("spec.clusterIPs", "may not be set for ExternalName services")
        name = (spec.get("externalName") or "").removesuffix(".")
        if not name:
            yield FieldError.required("spec.externalName")
        for wrong in names.subdomain(name) if name else ():
            yield FieldError.invalid("spec.externalName", name, wrong)
    yield from _balanced(spec)


def _balanced(spec: Body) -> Iterator[FieldError]:
    """What only a load balancer has a use for."""
    detail = "may only be used when `type` is 'LoadBalancer'"
    ranges = spec.get("loadBalancerSourceRanges") or ()
    if spec["type"] != "LoadBalancer":
        if ranges:
            yield FieldError.forbidden("spec.LoadBalancerSourceRanges", detail)
        if spec.get("loadBalancerClass"):
            yield FieldError.forbidden("spec.loadBalancerClass", detail)
        if spec.get("allocateLoadBalancerNodePorts") is not None:
            yield FieldError.forbidden("spec.allocateLoadBalancerNodePorts", detail)
    for wrong in names.qualified(spec["loadBalancerClass"]) if spec.get("loadBalancerClass") else ():
        yield FieldError.invalid("spec.loadBalancerClass", spec["loadBalancerClass"], wrong)
    for index, one in enumerate(ranges):
        if not is_range(one.strip()):
            yield FieldError.invalid(f"spec.LoadBalancerSourceRanges[{index}]", one, NOT_A_RANGE)
    is_local = spec["type"] == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"
    if spec.get("healthCheckNodePort") and not is_local:
        only = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield FieldError.invalid("spec.healthCheckNodePort", spec["healthCheckNodePort"], only)


def _ports(spec: Body) -> Iterator[FieldError]:
    ports: Sequence[Body] = spec.get("ports") or ()
    seen_names: list[Any] = []
    seen_ports: list[Body] = []
    seen_nodes: list[Body] = []
    for index, port in enumerate(ports):
        at = f"spec.ports[{index}]"
        yield from _port(port, at, len(ports) > 1, seen_names)
        place = {"protocol": port["protocol"], "port": port.get("port")}
        if place in seen_ports:
            yield FieldError.duplicate(at, place)
        seen_ports.append(place)
        if not port.get("nodePort"):
            continue
        if spec["type"] == "ClusterIP":
            yield FieldError.forbidden(f"{at}.nodePort", "may not be used when `type` is 'ClusterIP'")
        node = {"protocol": port["protocol"], "nodePort": port["nodePort"]}
        if node in seen_nodes:
            yield FieldError.duplicate(f"{at}.nodePort", node)
        seen_nodes.append(node)


def _port(port: Body, at: str, several: bool, seen: list[Any]) -> Iterator[FieldError]:
    name = port.get("name") or ""
    if several and not name:
        yield FieldError.required(f"{at}.name")
    elif name:
        for wrong in names.label(name):
            yield FieldError.invalid(f"{at}.name", name, wrong)
        if name in seen:
            yield FieldError.duplicate(f"{at}.name", name)
        seen.append(name)
    for wrong in names.port_number(port.get("port") or 0):
        yield FieldError.invalid(f"{at}.port", port.get("port") or 0, wrong)
    if port["protocol"] not in PROTOCOLS:
        yield FieldError.unsupported(f"{at}.protocol", port["protocol"], PROTOCOLS)
    target = port.get("targetPort")
    wrongs = names.port_name(target) if isinstance(target, str) else names.port_number(target or 0)
    for wrong in wrongs:
        yield FieldError.invalid(f"{at}.targetPort", target, wrong)
    for wrong in names.qualified(port["appProtocol"]) if port.get("appProtocol") else ():
        yield FieldError.invalid(f"{at}.appProtocol", port["appProtocol"], wrong)


def _affinity(spec: Body) -> Iterator[FieldError]:
    affinity = spec["sessionAffinity"]
    if affinity not in ("ClientIP", "None"):
        yield FieldError.unsupported("spec.sessionAffinity", affinity, ("ClientIP", "None"))
    if affinity == "ClientIP":
        seconds = dig(spec, "sessionAffinityConfig.clientIP.timeoutSeconds", 0)
        if not 0 < seconds <= STICKY_MOST:
            path = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
            yield FieldError.invalid(path, seconds, f"must be greater than 0 and less than {STICKY_MOST}")
    elif affinity == "None" and spec.get("sessionAffinityConfig"):
        detail = "must not be set when session affinity is None"
        yield FieldError.forbidden("spec.sessionAffinityConfig", detail)


def _addresses(spec: Body) -> Iterator[FieldError]:
    one, several = spec.get("clusterIP") or "", spec.get("clusterIPs") or []
    if several and not one:
        yield FieldError.invalid("spec.clusterIPs", several, "must be empty when `clusterIP` is not specified")
    elif several and several[0] != one:
        yield FieldError.invalid("spec.clusterIPs", several, "first value must match `clusterIP`")
    if len(several) > 2:
        yield FieldError.invalid("spec.clusterIPs", several, "may only hold up to 2 values")
    elif len(several) == 2:
        detail = "may specify no more than one IP for each IP family"
        yield FieldError.invalid("spec.clusterIPs", several, detail)
    for index, address in enumerate(several):
        if address != HEADLESS:
            yield from address_problems(address, f"spec.clusterIPs[{index}]")
    for index, address in enumerate(spec.get("externalIPs") or ()):
        yield from endpoint_problems(address, f"spec.externalIPs[{index}]")


def _families(spec: Body) -> Iterator[FieldError]:
    """The cluster has IPv4 alone; a headless Service without a selector may still name both."""
    families, policy = spec.get("ipFamilies") or (), spec.get("ipFamilyPolicy")
    if spec.get("clusterIP") == HEADLESS and not spec.get("selector"):
        return
    if policy == "RequireDualStack":
        detail = "this cluster is not configured for dual-stack services"
        yield FieldError.invalid("spec.ipFamilyPolicy", policy, detail)
    for index, family in enumerate(families):
        if family != "IPv4":
            yield FieldError.invalid(f"spec.ipFamilies[{index}]", family, "not configured on this cluster")


def _policies(spec: Body) -> Iterator[FieldError]:
    inner, outer = spec.get("internalTrafficPolicy"), spec.get("externalTrafficPolicy")
    if inner and inner not in POLICIES:
        yield FieldError.unsupported("spec.internalTrafficPolicy", inner, POLICIES)
    if outer and spec["type"] not in OUTSIDE and not spec.get("externalIPs"):
        detail = "may only be set for externally-accessible services"
        yield FieldError.invalid("spec.externalTrafficPolicy", outer, detail)
    elif outer and outer not in POLICIES:
        yield FieldError.unsupported("spec.externalTrafficPolicy", outer, POLICIES)
    near = spec.get("trafficDistribution")
    if near and near not in DISTRIBUTIONS:
        yield FieldError.unsupported("spec.trafficDistribution", near, DISTRIBUTIONS)


def _changes(new: Body, old: Body) -> Iterator[FieldError]:
    if "ExternalName" in (new["type"], old["type"]):
        return
    if new.get("clusterIPs") != old.get("clusterIPs"):
        yield FieldError.invalid("spec.clusterIPs[0]", new.get("clusterIPs"), "may not change once set")
    both = new["type"] == old["type"] == "LoadBalancer"
    if both and new.get("loadBalancerClass") != old.get("loadBalancerClass"):
        detail = "may not change once set"
        yield FieldError.invalid("spec.loadBalancerClass", new.get("loadBalancerClass"), detail)
