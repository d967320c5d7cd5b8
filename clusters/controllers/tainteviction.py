"""The taint eviction controller: pods leave a node with a NoExecute taint when they tolerate it no longer."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, Time, parse, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.tolerations import matches_taint
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, Emit, LookAgain, SetStatus, Update, Write

NEVER = 2**63
DISRUPTED = {
    "type": "DisruptionTarget",
    "status": "True",
    "lastProbeTime": None,
    "reason": "DeletionByTaintManager",
    "message": "Taint manager: deleting due to NoExecute taint",
}
Writes = Generator[Write, Body | Status | None, None]


def seats(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The node of a pod that came to it, where that node drives pods out."""
    if new is None or (old is not None and new["spec"] is old["spec"]):
        return ()
    key = Key("", new["spec"].get("nodeName") or "")
    node = view.get("nodes", key) if key.name else None
    return (key,) if node and _driving_out(node) else ()


class Lifted:
    """Nodes that have just lost all their NoExecute taints, with what these were: whoever waited is told."""

    resources = ("nodes",)

    def __init__(self) -> None:
        self.taints: dict[str, Sequence[Body]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource != "nodes" or old is None:
            return
        before = _driving_out(old)
        if new is not None and before and not _driving_out(new):
            self.taints[new["metadata"]["name"]] = before
        else:
            self.taints.pop(old["metadata"]["name"], None)


CONTROLLER = Controller("taint-eviction-controller", primary="nodes", watches={"pods": seats}, cache=Lifted)


def reconcile(key: Key, view: View) -> Writes:
    """Delete the pods whose time is over, and come back for the next."""
    node = view.get("nodes", key)
    if node is None:
        return
    taints = _driving_out(node)
    if not taints:
        yield from _cancel(node, view.cache.taints.pop(key.name, ()), view)
        return
    if any(not taint.get("timeAdded") for taint in taints):
        yield from _start_clock(node, view)
        return
    soonest = NEVER
    for pod in view.on_node(key.name):
        due = NEVER if is_deleting(pod) else _due(pod, taints)
        if due <= view.now:
            yield from _evict(pod, node, view)
        else:
            soonest = min(soonest, due)
    if soonest < NEVER:
        yield LookAgain(soonest)


def _driving_out(node: Body) -> Sequence[Body]:
    return [taint for taint in dig(node, "spec.taints") or () if taint["effect"] == "NoExecute"]


def _start_clock(node: Body, view: View) -> Writes:
    """A taint set by hand says not since when; from here on `tolerationSeconds` run (rounded up: nobody goes early)."""
    since = rfc3339(-(-view.now // SECOND) * SECOND)
    stamped = [
        taint if taint["effect"] != "NoExecute" or taint.get("timeAdded") else {**taint, "timeAdded": since}
        for taint in node["spec"]["taints"]
    ]
    yield Update("nodes", put(node, "spec.taints", stamped), because=node, why="Tolerations are counted from now.")


def _due(pod: Body, taints: Sequence[Body]) -> Time:
    """When the pod has to go: at once where a taint is not tolerated, else when its shortest toleration ends."""
    tolerations = dig(pod, "spec.tolerations") or ()
    due = NEVER
    for taint in taints:
        matching = [one for one in tolerations if matches_taint(one, taint)]
        if not matching:
            return 0
        since = max(parse(taint["timeAdded"]), parse(pod["metadata"]["creationTimestamp"]))
        limits = [one["tolerationSeconds"] for one in matching if one.get("tolerationSeconds") is not None]
        due = min([due, *(since + max(limit, 0) * SECOND for limit in limits)])
    return due


def _cancel(node: Body, lifted: Sequence[Body], view: View) -> Writes:
    """Those whose time was running may stay."""
    stamped = [taint for taint in lifted if taint.get("timeAdded")]
    for pod in view.on_node(node["metadata"]["name"]) if stamped else ():
        if not is_deleting(pod) and view.now < _due(pod, stamped) < NEVER:
            yield Emit(pod, "Normal", "TaintManagerEviction", f"Cancelling deletion of Pod {key_of(pod)}")


def _evict(pod: Body, node: Body, view: View) -> Writes:
    told = f"Marking for deletion Pod {key_of(pod)}"
    yield Emit(pod, "Normal", "TaintManagerEviction", told, because=node)
    conditions = with_condition(conditions_of(pod), DISRUPTED, view.now)
    status = {**(pod.get("status") or {}), "conditions": conditions}
    answer = yield SetStatus("pods", pod, status, because=node)
    marked = answer if isinstance(answer, dict) else pod
    why = f"It does not tolerate the taints of {node['metadata']['name']} any longer."
    yield Delete("pods", marked, because=node, why=why)
