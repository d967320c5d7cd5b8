"""What is said of a pod that fits nowhere, and what may help it (Kubernetes: handleSchedulingFailure)."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from clusters.kinds.body import Body, is_deleting, without
from clusters.kinds.problem import Status
from clusters.reconcile.conditions import condition_of, conditions_of, with_condition
from clusters.reconcile.writes import Delete, Emit, SetStatus, Write
from workloads.scheduler.choose import Decision
from workloads.scheduler.conditions import preempted, scheduled
from workloads.scheduler.framework import NODE_ADDED, Change, Cycle, Remedy, Victims
from workloads.scheduler.message import NO_CLAIMS, refused, told
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.profiles import Profile
from workloads.scheduler.queue import Next

Writes = Generator[Write, Body | Status | None, None]


def refuse(pod: PodInfo, decision: Decision, cycle: Cycle, profile: Profile, chosen: Next) -> Writes:
    """PostFilter, then the condition and the event, each only where it says something new."""
    assert cycle.view is not None
    queue, now = cycle.view.cache.queue, cycle.view.now
    remedy, message = outcome(pod, decision, cycle, profile)
    known = condition_of(pod.body, "PodScheduled")
    is_news = not known or known["status"] != "False" or known.get("message") != message
    kin = pod.kin
    since = now if is_news or chosen.is_flushed else queue.attempts.last(pod.uid) or now
    queue.wait(pod.body, kin, what_helps(decision, profile), message, since)
    if is_news:
        queue.next_after(pod.body, kin, chosen.because)
    if remedy.victims is not None:
        yield from _preempt(pod, remedy.victims, profile, cycle)
    yield from _tell(pod, message, remedy, chosen, cycle)
    if is_news or chosen.is_flushed:
        yield Emit(pod.body, "Warning", "FailedScheduling", message, chosen.because, component=profile.name)


def outcome(pod: PodInfo, decision: Decision, cycle: Cycle, profile: Profile) -> tuple[Remedy, str]:
    """What can be done about it, and the sentence for people."""
    filters = refused(decision.refused, decision.nodes, none=decision.none, skipped=decision.skipped)
    if not decision.nodes:
        return Remedy(), filters
    remedies = [NO_CLAIMS]
    found = Remedy()
    cycle.facts["filters"] = decision.filters
    for plugin in profile.postfilters:
        found = plugin.postfilter(pod, decision.refused, cycle)
        if found.victims is not None:
            return found, filters
        remedies.append(found.told)
    return found, told(filters, remedies)


def what_helps(decision: Decision, profile: Profile) -> frozenset[Change]:
    """The changes that may make one of the plugins that said no say something else."""
    helped = (change for name in decision.plugins for change in profile.helped_by[name])
    return frozenset([NODE_ADDED, *helped])


def _tell(pod: PodInfo, message: str, remedy: Remedy, chosen: Next, cycle: Cycle) -> Writes:
    assert cycle.view is not None
    body, status = pod.body, pod.body.get("status") or {}
    said = scheduled(body, "False", reason="Unschedulable", message=message)
    known = condition_of(body, "PodScheduled")
    conditions: Sequence[Body] = conditions_of(body)
    if not known or known["status"] != "False" or known.get("message") != message:
        conditions = with_condition(conditions, said, cycle.view.now)
    after = {**status, "conditions": conditions}
    if remedy.nominated:
        after["nominatedNodeName"] = remedy.nominated
    elif remedy.nominated is not None:
        after.pop("nominatedNodeName", None)
    if after != status:
        yield SetStatus("pods", body, after, chosen.because, why="No node fits.")


def _preempt(pod: PodInfo, victims: Victims, profile: Profile, cycle: Cycle) -> Writes:
    """Each victim is told why, deleted with its own grace, and it is said; then promises to lesser pods are off."""
    for victim in victims.pods:
        yield from _disrupt(victim.body, pod, profile, cycle)
        told = f"Preempted by pod {pod.uid} on node {victims.node}"
        yield Emit(victim.body, "Normal", "Preempted", told, pod.body, component=profile.name)
    for _, other in sorted(cycle.nominated.get(victims.node, {}).items()):
        if other.priority < pod.priority:
            yield SetStatus("pods", other.body, without(other.body["status"], "nominatedNodeName"), pod.body)


def _disrupt(victim: Body, pod: PodInfo, profile: Profile, cycle: Cycle) -> Writes:
    assert cycle.view is not None
    if is_deleting(victim):
        return
    conditions = with_condition(conditions_of(victim), preempted(profile.name), cycle.view.now)
    marked = yield SetStatus("pods", victim, {**victim["status"], "conditions": conditions}, pod.body)
    if isinstance(marked, dict):
        yield Delete("pods", marked, pod.body, why=f"{pod.key} is more important and needs its room.")
