"""kube-scheduler: binds each waiting pod to the node that suits it best, or says why none does."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import condition_of, conditions_of, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, SetStatus, Update, Write
from workloads.scheduler.cache import FINISHED, Cache
from workloads.scheduler.choose import Decision, choose
from workloads.scheduler.framework import (
    NODE_ADDED,
    NODE_ALLOCATABLE,
    NODE_LABELS,
    NODE_TAINTS,
    POD_BOUND,
    POD_GONE,
    POD_LABELS,
    Change,
    Cycle,
)
from workloads.scheduler.message import refused
from workloads.scheduler.plugins import PLUGINS
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.queue import Waiting

NAME = "default-scheduler"
Writes = Generator[Write, Body | Status | None, None]
HELPED_BY = {plugin.name: plugin.helped_by for plugin in PLUGINS}


def pods_to_look_at(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The pod itself while it waits for a node; others that wait when this change may help them."""
    waiting: Waiting = view.cache.waiting
    if new is not None and old is None and new["spec"].get("schedulingGates"):
        return (key_of(new),)
    if new is not None and is_waiting(new):
        if old is None or old["spec"] is not new["spec"] or labels_of(new) != labels_of(old):
            return (key_of(new),)
        return _kin(new, waiting) if waiting and _message(new) != _message(old) else ()
    if not waiting:
        return ()
    found = waiting.helped(_pod_changes(new, old))
    if new is not None and old is not None and is_waiting(old) and new["spec"].get("nodeName"):
        found += _kin(old, waiting)
    return found


def nodes_that_help(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """Waiting pods for which this change of a node makes a difference."""
    if new is None or not view.cache.waiting:
        return ()
    helped: list[Key] = view.cache.waiting.helped(_node_changes(new, old))
    return helped


CONTROLLER = Controller(
    NAME,
    primary="pods",
    mapper=pods_to_look_at,
    watches={"nodes": nodes_that_help},
    cache=Cache,
)


def reconcile(key: Key, view: View) -> Writes:
    """One pod through the plugins, then bound or told why not."""
    pod = view.get("pods", key)
    if pod is None or not is_waiting(pod):
        if pod is not None and pod["spec"].get("schedulingGates"):
            yield from _hold(pod, view)
        return
    info = PodInfo(pod)
    decision = choose(info, Cycle(view.cache.nodes, view, view.cache.memory(info)), view.random)
    if decision.node:
        yield from _bind(pod, decision, view)
    else:
        view.cache.waiting.add(key, info.kin, _what_helps(decision))
        yield from _refuse(pod, decision, view)


def is_waiting(pod: Body) -> bool:
    """Mine, not bound, and still wanted."""
    spec = pod["spec"]
    if spec.get("nodeName") or spec.get("schedulingGates") or spec.get("schedulerName", NAME) != NAME:
        return False
    return not is_deleting(pod) and (pod.get("status") or {}).get("phase") not in FINISHED


def _hold(pod: Body, view: View) -> Writes:
    """The API server itself says this of a pod that it takes (Kubernetes: Pod Scheduling Readiness)."""
    if condition_of(pod, "PodScheduled") is None:
        told = {"reason": "SchedulingGated", "message": "Scheduling is blocked due to non-empty scheduling gates"}
        conditions = with_condition(conditions_of(pod), {**_scheduled(pod, "False"), **told}, view.now)
        yield SetStatus("pods", pod, {**(pod.get("status") or {}), "conditions": conditions})


def _bind(pod: Body, decision: Decision, view: View) -> Writes:
    conditions = with_condition(conditions_of(pod), _scheduled(pod, "True"), view.now)
    bound = put(put(pod, "spec.nodeName", decision.node), "status.conditions", conditions)
    why = f"{decision.node} was the best of {decision.feasible} nodes that fit, out of {decision.nodes}."
    answer = yield Update("pods", bound, why=why, subresource="binding")
    if isinstance(answer, Status):
        return
    told = f"Successfully assigned {key_of(pod)} to {decision.node}"
    yield Emit(pod, "Normal", "Scheduled", told)


def _refuse(pod: Body, decision: Decision, view: View) -> Writes:
    message = refused(decision.refusals, decision.nodes)
    known = condition_of(pod, "PodScheduled")
    if known and known["status"] == "False" and known.get("message") == message:
        return
    said = {**_scheduled(pod, "False"), "reason": "Unschedulable", "message": message}
    status = {**(pod.get("status") or {}), "conditions": with_condition(conditions_of(pod), said, view.now)}
    yield SetStatus("pods", pod, status, why="No node fits.")
    yield Emit(pod, "Warning", "FailedScheduling", message)


def _scheduled(pod: Body, status: str) -> Body:
    seen = {"observedGeneration": pod["metadata"]["generation"]} if pod["metadata"].get("generation") else {}
    return {"type": "PodScheduled", "status": status, "lastProbeTime": None, **seen}


def _what_helps(decision: Decision) -> frozenset[Change]:
    plugins = {refusal.plugin: None for refusal in decision.refusals}
    return frozenset([NODE_ADDED, *(change for name in plugins for change in HELPED_BY[name])])


def _node_changes(new: Body, old: Body | None) -> Iterable[Change]:
    if old is None:
        return (NODE_ADDED,)
    found = []
    if labels_of(new) != labels_of(old):
        found.append(NODE_LABELS)
    for change, field in ((NODE_TAINTS, "taints"), (NODE_TAINTS, "unschedulable")):
        if (new["spec"] or {}).get(field) != (old["spec"] or {}).get(field):
            found.append(change)
    if (new.get("status") or {}).get("allocatable") != (old.get("status") or {}).get("allocatable"):
        found.append(NODE_ALLOCATABLE)
    return found


def _pod_changes(new: Body | None, old: Body | None) -> Iterable[Change]:
    if old is None:
        return (POD_BOUND,)
    if new is None or (_phase(new) in FINISHED and _phase(old) not in FINISHED):
        return (POD_GONE,)
    if is_deleting(new) and not is_deleting(old):
        return (POD_LABELS,)
    if not old["spec"].get("nodeName"):
        return (POD_BOUND,)
    return (POD_LABELS,) if labels_of(new) != labels_of(old) else ()


def _phase(pod: Body) -> str:
    return str((pod.get("status") or {}).get("phase") or "")


def _kin(pod: Body, waiting: Waiting) -> Iterable[Key]:
    """The next pod like this one: what was found out for this one holds for it too."""
    return waiting.after(key_of(pod), PodInfo(pod).kin)


def _message(pod: Body) -> str:
    scheduled = condition_of(pod, "PodScheduled")
    return scheduled.get("message") or "" if scheduled else ""
