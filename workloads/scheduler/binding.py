"""The binding cycle: reserve, do what must come first, bind (Kubernetes: Reserve, PreBind, Bind)."""

from __future__ import annotations

from collections.abc import Generator

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.writes import Emit, Write
from workloads.scheduler.choose import Decision
from workloads.scheduler.framework import Cycle, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.profiles import Profile
from workloads.scheduler.queue import Next
from workloads.scheduler.refusing import refuse

Writes = Generator[Write, Body | Status | None, None]


def carry_out(pod: PodInfo, decision: Decision, cycle: Cycle, profile: Profile, chosen: Next) -> Writes:
    """The pod gets the node, unless a step on the way says no or not yet."""
    assert cycle.view is not None
    cache = cycle.view.cache
    node = cache.node(decision.node)
    refusal = _reserved(pod, node, cycle, profile)
    if refusal is not None:
        _give_back(pod, node, cycle, profile)
        told = Decision("", {node.name: refusal}, decision.nodes, 0, plugins=[refusal.plugin])
        yield from refuse(pod, told, cycle, profile, chosen)
        return
    for plugin in profile.prebinds:
        ready = yield from plugin.prebind(pod, node, cycle)
        if not ready:
            kin = b"binding/" + pod.uid.encode()  # it waits for something of its own
            cache.queue.wait(pod.body, kin, frozenset(plugin.helped_by), None, cycle.view.now)
            cache.assume(pod, node.name)
            return
    yield from _bind(pod, node, decision, cycle, profile, chosen)


def _reserved(pod: PodInfo, node: NodeInfo, cycle: Cycle, profile: Profile) -> Refusal | None:
    for plugin in profile.reserves:
        refusal = plugin.reserve(pod, node, cycle)
        if refusal is not None:
            return refusal
    return None


def _give_back(pod: PodInfo, node: NodeInfo, cycle: Cycle, profile: Profile) -> None:
    for plugin in reversed(profile.reserves):
        plugin.unreserve(pod, node, cycle)


def _bind(pod: PodInfo, node: NodeInfo, decision: Decision, cycle: Cycle, profile: Profile, chosen: Next) -> Writes:
    assert cycle.view is not None
    queue, now = cycle.view.cache.queue, cycle.view.now
    cycle.facts["because"] = chosen.because
    fit = f"the best of {decision.feasible} nodes that fit" if decision.feasible != 1 else "the only node that fits"
    cycle.facts["why"] = f"{node.name} was {fit}, out of {decision.nodes}."
    for plugin in profile.binds:
        bound = yield from plugin.bind(pod, node, cycle)
        if bound:
            told = f"Successfully assigned {pod.key} to {node.name}"
            yield Emit(pod.body, "Normal", "Scheduled", told, component=profile.name)
            if queue.has_refused:
                queue.next_of(pod.kin, chosen.because)
            return
    _give_back(pod, node, cycle, profile)
    queue.retry(pod.body, now + SECOND, chosen.because)
