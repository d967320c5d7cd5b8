"""The taints that say how a node is (Kubernetes: taint nodes by condition)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import Time, rfc3339
from clusters.reconcile.conditions import is_true

NOT_READY, UNREACHABLE = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
CORDONED = "node.kubernetes.io/unschedulable"
# condition, the taint that says it is true
PRESSURES = (
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
)
OWN = (NOT_READY, UNREACHABLE, CORDONED, *(key for _, key in PRESSURES))
Place = tuple[str, str]  # key, effect


def taints_of(node: Body) -> Sequence[Body]:
    """`spec.taints`."""
    return dig(node, "spec.taints") or []


def drives_out(node: Body) -> Body | None:
    """The taint by which the controller drives pods from a node that does not work."""
    own = (taint for taint in taints_of(node) if taint["key"] in (NOT_READY, UNREACHABLE))
    return next((taint for taint in own if taint["effect"] == "NoExecute"), None)


def matching(node: Body, ready: str, *, drive_out: bool, now: Time) -> Sequence[Body]:
    """The node's taints as its conditions ask for; those of others stay as they are."""
    wanted = _wanted(node, ready, drive_out)
    kept = [taint for taint in taints_of(node) if taint["key"] not in OWN or _place(taint) in wanted]
    there = [_place(taint) for taint in kept]
    new = [{"key": key, "effect": effect, "timeAdded": rfc3339(now)} for key, effect in wanted]
    return kept + [taint for taint in new if _place(taint) not in there]


def _wanted(node: Body, ready: str, drive_out: bool) -> Sequence[Place]:
    found: list[Place] = []
    if ready != "True":
        key = NOT_READY if ready == "False" else UNREACHABLE
        found += [(key, "NoSchedule")] + ([(key, "NoExecute")] if drive_out else [])
    found += [(key, "NoSchedule") for type_, key in PRESSURES if is_true(node, type_)]
    if (node.get("spec") or {}).get("unschedulable"):
        found.append((CORDONED, "NoSchedule"))
    return found


def _place(taint: Body) -> Place:
    return taint["key"], taint["effect"]
