"""The pod garbage collector: pods whose node is gone or out of service have no kubelet (Kubernetes: PodGC)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, dig, is_deleting
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, is_true, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, LookAgain, SetStatus, Write

QUARANTINE = 40 * SECOND  # so long a new pod may wait for a node that is still to come
OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"
DISRUPTED = {"type": "DisruptionTarget", "status": "True", "lastProbeTime": None, "reason": "DeletionByPodGC"}
FINISHED = ("Succeeded", "Failed")
Writes = Generator[Write, Body | Status | None, None]


def lost_seat(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The name of a node that is not there, or that will not end the pod."""
    if new is None or (old is not None and new["spec"] is old["spec"] and is_deleting(new) == is_deleting(old)):
        return ()
    key = Key("", new["spec"].get("nodeName") or "")
    if not key.name:
        return ()
    node = view.get("nodes", key)
    return (key,) if node is None or (is_deleting(new) and _is_out_of_service(node)) else ()


def lost_node(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A node that went, or whose outage somebody confirmed."""
    node = new or old
    gone = new is None or (_is_out_of_service(new) and new != old)
    return (Key("", node["metadata"]["name"]),) if node and gone else ()


CONTROLLER = Controller(
    "pod-garbage-collector-controller", primary="pods", mapper=lost_seat, watches={"nodes": lost_node}
)


def reconcile(key: Key, view: View) -> Writes:
    """`key` is a node's name."""
    node = view.get("nodes", key)
    if node is None:
        yield from _collect_orphans(key.name, view)
    elif _is_out_of_service(node):
        for pod in view.on_node(key.name):
            if is_deleting(pod):
                yield from _remove(pod, "PodGC: node is out of service", view)


def _collect_orphans(node: str, view: View) -> Writes:
    soonest = None
    for pod in view.on_node(node):
        due = parse(pod["metadata"]["creationTimestamp"]) + QUARANTINE
        if due <= view.now:
            yield from _remove(pod, "PodGC: node no longer exists", view)
        else:
            soonest = min(soonest or due, due)
    if soonest is not None:
        yield LookAgain(soonest)


def _is_out_of_service(node: Body) -> bool:
    taints = dig(node, "spec.taints") or ()
    return not is_true(node, "Ready") and any(taint["key"] == OUT_OF_SERVICE for taint in taints)


def _remove(pod: Body, message: str, view: View) -> Writes:
    """Failed first, so that whoever counts pods sees how it ended."""
    if dig(pod, "status.phase") not in FINISHED:
        said = {**DISRUPTED, "message": message}
        conditions = with_condition(conditions_of(pod), said, view.now)
        status = {**(pod.get("status") or {}), "phase": "Failed", "conditions": conditions}
        answer = yield SetStatus("pods", pod, status)
        pod = answer if isinstance(answer, dict) else pod
    yield Delete("pods", pod, grace=0, why=f"{message}.")
