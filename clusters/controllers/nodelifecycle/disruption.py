"""When so many nodes fail that the fault is elsewhere, driving pods out helps nobody (Kubernetes: eviction rates)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.controllers.nodelifecycle.taints import drives_out
from clusters.kinds.body import Body, labels_of
from clusters.reconcile.clock import Time, parse
from clusters.reconcile.conditions import is_true
from clusters.reconcile.view import View

REGION, ZONE = "topology.kubernetes.io/region", "topology.kubernetes.io/zone"
UNHEALTHY = 0.55  # --unhealthy-zone-threshold
LARGE = 50  # --large-cluster-size-threshold
# --node-eviction-rate: one node in 10 s at a grace period of 50 s, and in proportion; a tenth of it in a troubled zone
PART_OF_GRACE, SLOWER = 5, 10


def may_drive_out(node: Body, view: View) -> tuple[bool, Time | None]:
    """Whether pods may be driven from this failed node now, and if not, when to ask again."""
    nodes = view.list("nodes")
    if not any(is_true(one, "Ready") for one in nodes):
        return False, None  # all are lost: rather it is us
    if drives_out(node):
        return True, None
    zone = [one for one in nodes if _zone(one) == _zone(node)]
    interval = view.timings.monitor_grace // PART_OF_GRACE
    if _is_troubled(zone):
        if len(zone) <= LARGE:
            return False, None
        interval *= SLOWER
    due = _last(zone) + interval
    return (True, None) if due <= view.now else (False, due)


def _zone(node: Body) -> tuple[str, str]:
    labels = labels_of(node)
    return labels.get(REGION, ""), labels.get(ZONE, "")


def _is_troubled(zone: Sequence[Body]) -> bool:
    """More than two nodes and more than half of the zone, but not all of it (PartialDisruption)."""
    failed = sum(not is_true(one, "Ready") for one in zone)
    return failed < len(zone) and failed > 2 and failed / len(zone) >= UNHEALTHY


def _last(zone: Sequence[Body]) -> Time:
    found = [taint for taint in map(drives_out, zone) if taint]
    return max((parse(taint["timeAdded"]) for taint in found if taint.get("timeAdded")), default=0)
