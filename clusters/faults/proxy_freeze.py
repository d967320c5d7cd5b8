"""ProxyFreeze: a node's kube-proxy hears nothing more from the API (Kubernetes: Virtual IPs and Service Proxies)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PROXY_FREEZE = FaultType(
    "ProxyFreeze",
    target="node",
    group="Network",
    title="Freeze kube-proxy",
    happens="The node's kube-proxy is cut off from the API server: the rules in its kernel stay as they are.",
    look_for="Requests from this node still go to pods that are gone, and never to new ones; other nodes are right.",
    heals="Delete the fault: kube-proxy lists everything anew and brings the rules up to date with its next sync.",
)
