"""One address for many pods (Kubernetes: Service)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown_labels
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time
from networking.kinds.serviceproblems import HEADLESS, problems

ADDRESSED = ("ClusterIP", "NodePort", "LoadBalancer")
STICKY_SECONDS = 10800


def fill_in(service: Body) -> None:
    spec = service.setdefault("spec", {})
    spec["type"] = spec.get("type") or "ClusterIP"
    spec["sessionAffinity"] = spec.get("sessionAffinity") or "None"
    for port in spec.get("ports") or ():
        port["protocol"] = port.get("protocol") or "TCP"
        if not port.get("targetPort"):
            port["targetPort"] = port.get("port")
    if spec["type"] in ADDRESSED:
        _fill_in_addressed(spec)
    if spec["sessionAffinity"] == "ClientIP" and not dig(spec, "sessionAffinityConfig.clientIP.timeoutSeconds"):
        spec["sessionAffinityConfig"] = {"clientIP": {"timeoutSeconds": STICKY_SECONDS}}
    if is_new(service):
        service["status"] = {"loadBalancer": {}}


def _fill_in_addressed(spec: Body) -> None:
    spec.setdefault("internalTrafficPolicy", "Cluster")
    # where nothing is balanced and nothing selected, both families are assumed
    both = spec.get("clusterIP") == HEADLESS and not spec.get("selector")
    spec.setdefault("ipFamilies", ["IPv4", "IPv6"] if both else ["IPv4"])
    spec.setdefault("ipFamilyPolicy", "RequireDualStack" if both else "SingleStack")
    if spec["type"] != "ClusterIP":
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


def external(service: Body, _: Time) -> str:
    """EXTERNAL-IP: nothing, what the manifest says, or `<pending>` where a cloud should answer."""
    spec = service["spec"]
    own = spec.get("externalIPs") or []
    if spec["type"] == "ExternalName":
        return str(spec.get("externalName") or "")
    if spec["type"] != "LoadBalancer":
        return ",".join(own) or "<none>"
    given = [one.get("ip") or one.get("hostname") or "" for one in dig(service, "status.loadBalancer.ingress") or ()]
    return ",".join([*given, *own]) or "<pending>"


def ports(service: Body, _: Time) -> str:
    """`80:30080/TCP`."""
    return ",".join(_port(port) for port in service["spec"].get("ports") or ()) or "<none>"


def _port(port: Body) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node}/{port['protocol']}"


SERVICE = Kind(
    "v1",
    "Service",
    "services",
    short=("svc",),
    categories=("all",),
    subresources=("status", "proxy"),
    columns=framed(
        Column("Type", "spec.type"),
        Column("Cluster-IP", lambda service, _: dig(service, "spec.clusterIPs.0", "<none>")),
        Column("External-IP", external),
        Column("Port(s)", ports),
        Column("Selector", lambda service, _: shown_labels(service["spec"].get("selector")), wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=lambda service: str(service["spec"].get("type") or "ClusterIP"),
    selectable=("spec.clusterIP", "spec.type"),
    name_rule="label",
)
