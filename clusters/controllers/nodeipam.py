"""The node IPAM controller: each node gets its own range of pod addresses (Kubernetes: --cluster-cidr)."""

from __future__ import annotations

from collections.abc import Generator

from clusters.kinds.body import Body, Key, dig, is_deleting, put
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, Update, Write

RANGES = 1024  # of 256 addresses in the whole of CLUSTER_CIDR

CONTROLLER = Controller("node-ipam-controller", primary="nodes", source="cidrAllocator")


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """The lowest range that no other node has."""
    node = view.get("nodes", key)
    if node is None or is_deleting(node) or dig(node, "spec.podCIDR"):
        return
    taken = {dig(other, "spec.podCIDR"): None for other in view.list("nodes")}
    free = next((one for one in map(_range, range(RANGES)) if one not in taken), None)
    if free is None:
        told = f"Node {key.name} status is now: CIDRNotAvailable"
        yield Emit(node, "Normal", "CIDRNotAvailable", told, because=node)
        return
    ranged = put(put(node, "spec.podCIDR", free), "spec.podCIDRs", [free])
    yield Update("nodes", ranged, because=node, why="Its pods need addresses.")


def _range(number: int) -> str:
    return f"10.{244 + number // 256}.{number % 256}.0/24"
