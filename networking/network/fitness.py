"""The nodes to which a load balancer sends (Kubernetes: Service of type LoadBalancer, healthCheckNodePort)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, labels_of
from clusters.reconcile.conditions import is_true
from clusters.reconcile.view import View
from networking.network.rules import match
from networking.network.trip import is_up, place_of
from networking.proxy.choosing import ACCEPT, choice

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"


def fit_nodes(view: View, service: Body) -> list[str]:
    """Ready nodes; with externalTrafficPolicy Local those with an endpoint of their own (healthCheckNodePort)."""
    found = []
    for node in view.list("nodes"):
        name = node["metadata"]["name"]
        if EXCLUDED in labels_of(node) or not is_true(node, "Ready"):
            continue
        if dig(service, "spec.externalTrafficPolicy") != "Local" or has_own(view, name, service):
            found.append(name)
    return found


def has_own(view: View, node: str, service: Body) -> bool:
    """Whether the node's proxy says that it has ready endpoints of its own; a dead node says nothing."""
    if not is_up(view, node):
        return False
    for port in service["spec"].get("ports") or ():
        found = match(view, node, service["spec"].get("clusterIP") or "", port["port"], port["protocol"])
        if found and choice(found.rules, found.port["name"], place_of(view, node), local=True).verdict == ACCEPT:
            return True
    return False
