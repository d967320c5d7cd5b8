"""On which nodes a DaemonSet's pod belongs (daemon_controller: NodeShouldRunDaemonPod)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, dig, labels_of
from clusters.kinds.nodeselectors import wants_node
from clusters.reconcile.tolerations import matches_taint

# taints that a daemon bears, whatever its template says
BORNE = (
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
)
ON_HOST_NETWORK = ("node.kubernetes.io/network-unavailable", "NoSchedule")


class Verdict(NamedTuple):
    """`may_stay`: a pod that is there already is left alone, even where no new one is put."""

    should_run: bool
    may_stay: bool


YES, STAY, NO = Verdict(True, True), Verdict(False, True), Verdict(False, False)


def verdict(ds: Body, node: Body) -> Verdict:
    """By name, selector, affinity, and the taints that the pod would not tolerate."""
    spec, name = ds["spec"]["template"]["spec"], node["metadata"]["name"]
    if spec.get("nodeName") not in (None, "", name) or not wants_node(spec, labels_of(node), name):
        return NO
    taints = dig(node, "spec.taints") or ()
    if not taints:
        return YES
    tolerations = tolerations_of(spec)
    untolerated = [t["effect"] for t in taints if not any(matches_taint(one, t) for one in tolerations)]
    if "NoExecute" in untolerated:
        return NO
    return STAY if "NoSchedule" in untolerated else YES


def tolerations_of(spec: Body) -> Sequence[Body]:
    """The template's own, then the standard ones that it does not state already."""
    borne = [*BORNE, ON_HOST_NETWORK] if spec.get("hostNetwork") else BORNE
    standard = [{"key": key, "operator": "Exists", "effect": effect} for key, effect in borne]
    own = [one for one in spec.get("tolerations") or () if not any(_is_alike(one, other) for other in standard)]
    return [*own, *standard]


def _is_alike(one: Body, other: Body) -> bool:
    """Only the seconds differ: a daemon stays for ever."""
    fields = ("key", "operator", "effect", "value")
    return all((one.get(field) or "") == (other.get(field) or "") for field in fields)
