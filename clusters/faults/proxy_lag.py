"""ProxyLag: a node's kube-proxy is far behind (Kubernetes: kube-proxy's network programming latency)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PROXY_LAG = FaultType(
    "ProxyLag",
    target="node",
    group="Network",
    title="Lag of kube-proxy",
    happens="The node's kube-proxy gets to know of every change ten seconds late.",
    look_for="After a rollout or a scale-down some requests from this node fail, until its rules have followed.",
    heals="Delete the fault: what is still to come arrives with the next sync.",
)
