"""A pod's quality of service, by which it is evicted (Kubernetes: Pod Quality of Service Classes)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.quantity import NotAQuantity, parse
from workloads.kinds.podspec.defaults import containers

COUNTED = ("cpu", "memory")


def qos_class(spec: Body) -> str:
    """`Guaranteed`, `Burstable` or `BestEffort`."""
    # resources of the pod itself (KEP-2837) stand for those of its containers
    asked = [_amounts(spec)] if spec.get("resources") else [_amounts(container) for container in containers(spec)]
    if not any(requests or limits for requests, limits in asked):
        return "BestEffort"
    guaranteed = all(len(limits) == len(COUNTED) and requests == limits for requests, limits in asked)
    return "Guaranteed" if guaranteed else "Burstable"


def _amounts(container: Body) -> tuple[Body, Body]:
    resources = container.get("resources") or {}
    return _counted(resources.get("requests")), _counted(resources.get("limits"))


def _counted(amounts: Body | None) -> Body:
    if not amounts:
        return {}
    try:
        return {name: parse(amounts[name]) for name in COUNTED if name in amounts and parse(amounts[name])}
    except NotAQuantity:  # validation refuses it
        return {}
