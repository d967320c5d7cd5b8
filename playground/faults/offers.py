"""Whom a fault's dialog offers: those that it can hit as things stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.faults.faulttype import FaultType
from clusters.kinds.body import Body, Key, key_of
from clusters.kinds.fault import PROBES
from clusters.reconcile.aiming import Listing, powers_of
from clusters.reconcile.sparing import deployment_spared, pod_spared

SYSTEM = "kube-system"


def pods_for(known: FaultType, listing: Listing) -> list[Body]:
    """Pods with a container that it can break; of a probe, whichever of them it is."""
    powers = powers_of(listing)
    pods = [pod for pod in listing("pods") if pod["metadata"]["namespace"] != SYSTEM]
    return [pod for pod in pods if any(not pod_spared(pod, spec, powers) for spec in _specs(known, pod))]


def _specs(known: FaultType, pod: Body) -> Iterator[Body]:
    """All that may be chosen of one pod."""
    for container in containers_of(pod):
        for probe in PROBES if "probe" in known.options else ("",):
            yield {"type": known.type, "probe": probe, "target": {"container": container}}


def nodes_for(known: FaultType, listing: Listing) -> list[Body]:
    """Machines with power, for what happens to a machine."""
    if known.target != "node":
        return list(listing("nodes"))
    powers = powers_of(listing)
    return [node for node in listing("nodes") if powers.get(node["metadata"]["name"]) != "off"]


def deployments_for(listing: Listing) -> list[Key]:
    keys = [(key_of(one), one) for one in listing("deployments")]
    return [key for key, one in keys if key.namespace != SYSTEM and not deployment_spared(one, key)]


def containers_of(pod: Body) -> list[str]:
    groups = (pod["spec"].get(group) or () for group in ("containers", "initContainers"))
    return [one["name"] for group in groups for one in group]
