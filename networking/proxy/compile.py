"""A Service and its EndpointSlices as kube-proxy's rules (Kubernetes: Virtual IPs and Service Proxies)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body, dig, labels_of
from networking.index import balanced
from networking.kinds.serviceproblems import HEADLESS

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"
READY, DRAINING = "ready", "draining"


def compiled(service: Body | None, slices: Sequence[Body]) -> Body | None:
    """The rules, or None where kube-proxy has none: no Service, no cluster IP, or another proxy's.

    `slices`: [{"ports": {name: number}, "endpoints": [[address, node, "ready" or "draining", zones, nodes], ...]}, ...]
    """
    spec = service["spec"] if service else {}
    if service is None or spec.get("clusterIP") in (None, "", HEADLESS) or spec["type"] == "ExternalName":
        return None
    if OTHER_PROXY in labels_of(service):
        return None
    rules: Body = {
        "ips": list(spec["clusterIPs"]),
        "outside": [*(spec.get("externalIPs") or ()), *_balanced(service)],
        "ports": [_port(port) for port in spec.get("ports") or ()],
        "slices": list(_slices(slices)),
    }
    optional = {
        "inner": spec.get("internalTrafficPolicy") if spec.get("internalTrafficPolicy") != "Cluster" else None,
        "outer": spec.get("externalTrafficPolicy") if spec.get("externalTrafficPolicy") != "Cluster" else None,
        "sticky": dig(spec, "sessionAffinityConfig.clientIP.timeoutSeconds"),
        "from": spec.get("loadBalancerSourceRanges"),
        "balanced": _balanced(service),
        "health": spec.get("healthCheckNodePort"),
    }
    return {**rules, **{name: value for name, value in optional.items() if value}}


def _balanced(service: Body) -> list[str]:
    if service["spec"]["type"] != "LoadBalancer":
        return []
    through = [one["ip"] for one in dig(service, "status.loadBalancer.ingress") or () if one.get("ipMode") == "Proxy"]
    return [address for address in balanced(service) if address not in through]


def _port(port: Body) -> Body:
    node = {"node": port["nodePort"]} if port.get("nodePort") else {}
    return {"name": port.get("name") or "", "protocol": port["protocol"], "port": port["port"], **node}


def _slices(slices: Sequence[Body]) -> Iterator[Body]:
    for one in slices:
        ports = {port.get("name") or "": port["port"] for port in one.get("ports") or () if port.get("port")}
        endpoints = [made for endpoint in one.get("endpoints") or () if (made := _endpoint(endpoint))]
        if one["addressType"] == "IPv4" and ports and endpoints:
            yield {"ports": ports, "endpoints": endpoints}


def _endpoint(endpoint: Body) -> list[object] | None:
    """None where no rule would ever lead to it: it is neither ready nor still serving while it ends."""
    conditions = endpoint.get("conditions") or {}
    ready = conditions.get("ready", True) is not False
    serving = conditions.get("serving", ready) is not False
    if not ready and not (serving and conditions.get("terminating")):
        return None
    made: list[object] = [endpoint["addresses"][0], endpoint.get("nodeName") or "", READY if ready else DRAINING]
    hints = endpoint.get("hints") or {}
    zones, nodes = _names(hints.get("forZones")), _names(hints.get("forNodes"))
    return [*made, zones, nodes] if zones or nodes else made


def _names(hints: Sequence[Body] | None) -> list[str]:
    return [one["name"] for one in hints or ()]
