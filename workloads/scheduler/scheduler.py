"""kube-scheduler: takes the most important waiting pod and binds it to the best node, or says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of
from clusters.kinds.problem import Status
from clusters.reconcile.chance import Chance
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, Write
from workloads.scheduler.binding import carry_out
from workloads.scheduler.cache import Cache, is_finished, scheduler_of
from workloads.scheduler.choose import choose
from workloads.scheduler.configuration import PLACE
from workloads.scheduler.framework import (
    NODE_ADDED,
    NODE_ALLOCATABLE,
    NODE_LABELS,
    NODE_TAINTS,
    POD_BOUND,
    POD_GONE,
    POD_LABELS,
    Change,
)
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.queue import Next
from workloads.scheduler.refusing import refuse

NAME = "default-scheduler"
QUEUE = Key("", "")  # there is one thing to look at: who is next
# what else makes a difference to pods that wait
ELSEWHERE = ("persistentvolumeclaims", "persistentvolumes", "storageclasses", "csinodes", "namespaces", "services")
Writes = Generator[Write, Body | Status | None, None]


def pods_changed(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A pod that waits is in the queue already; one that came or went may help others."""
    return _stirred(view, _pod_changes(new, old), new or old)


def nodes_changed(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """Waiting pods for which this change of a node makes a difference."""
    return () if new is None else _stirred(view, _node_changes(new, old), new)


def changed(resource: str) -> Callable[[Body | None, Body | None, View], Iterable[Key]]:
    """Any change of other objects, such as claims."""
    happened = (Change(resource, "changed"),)
    return lambda new, old, view: _stirred(view, happened, new or old)


def configured(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The profiles are others."""
    return (QUEUE,) if key_of(new or old or {}) == PLACE else ()


CONTROLLER = Controller(
    NAME,
    primary="pods",
    mapper=pods_changed,
    watches={
        "nodes": nodes_changed,
        "configmaps": configured,
        **{resource: changed(resource) for resource in ELSEWHERE},
    },
    cache=Cache,
)


def reconcile(_: Key, view: View) -> Writes:
    """One pod through the plugins; then the next one's turn."""
    cache: Cache = view.cache
    stranded = cache.in_hand
    if stranded is not None:  # what was done for it has failed
        cache.queue.retry(stranded, view.now + SECOND, None)
    if cache.complaint is not None:
        config, told = cache.complaint
        cache.complaint = None
        yield Emit(config, "Warning", "InvalidConfiguration", f"The default profile holds: {told}")
    chosen = cache.queue.pop(view.now)
    pod = view.get("pods", chosen.key) if chosen else None
    if chosen and pod is not None and cache.is_waiting(pod):
        cache.in_hand = pod
        yield from _schedule(pod, chosen, view)
    cache.in_hand = None
    due = cache.queue.next_due(view.now)
    if due is not None:
        yield LookAgain(due)


def _schedule(pod: Body, chosen: Next, view: View) -> Writes:
    cache, profile = view.cache, view.cache.profiles[scheduler_of(pod)]
    cache.unassume(chosen.key)
    info = PodInfo(pod)
    cycle = cache.cycle(info, view)
    decision = choose(info, cycle, chance_of(pod), profile)
    if decision.node:
        yield from carry_out(info, decision, cycle, profile, chosen)
    else:
        yield from refuse(info, decision, cycle, profile, chosen)


def chance_of(pod: Body) -> Chance:
    """The pod's own luck, so that its way through the plugins can be repeated whenever somebody asks."""
    return Chance(f"{NAME}/{pod['metadata'].get('uid')}")


def _stirred(view: View, changes: Iterable[Change], because: Body | None) -> Iterable[Key]:
    queue = view.cache.queue
    queue.stir(changes, because)
    return (QUEUE,) if queue.is_stirred else ()


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
    if new is None or (is_finished(new) and not (old and is_finished(old))):
        return (POD_GONE,) if (new or old or {})["spec"].get("nodeName") else ()
    if not new["spec"].get("nodeName"):
        return ()
    if old is None or not old["spec"].get("nodeName"):
        return (POD_BOUND,)
    if labels_of(new) != labels_of(old) or is_deleting(new) != is_deleting(old):
        return (POD_LABELS,)
    return ()
