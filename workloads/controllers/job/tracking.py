"""Each pod counts once, whatever happens to it: noted, released, counted (KEP-2307: Job tracking with finalizers)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, put, uid_of, without
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update, Write
from workloads.controllers.job.facts import FINALIZER, Facts, has_finalizer, is_failed, phase, uncounted
from workloads.controllers.job.failurepolicy import judged
from workloads.kinds.jobspec.indexes import index_of, shown

Writes = Generator[Write, Body | Status | None, None]
MOST = 500  # pods that are noted in one go


def countable(facts: Facts, *, decided: bool) -> Sequence[Body]:
    """Pods whose finalizer may go: they are over, or the Job is."""
    held = [uid_of(pod) for pod in facts.held_back.values()]
    over = decided or is_deleting(facts.job)
    return [
        pod
        for pod in facts.live
        if has_finalizer(pod)
        and (over or phase(pod) == "Succeeded" or (is_failed(pod, facts.job) and uid_of(pod) not in held))
    ][:MOST]


def noted(facts: Facts, pods: Sequence[Body], status: Body, *, decided: bool) -> Body:
    """The status that remembers these pods by uid (a succeeded index needs no uid: counting it twice is harmless)."""
    waiting = status.get("uncountedTerminatedPods") or {}
    succeeded, failed = list(waiting.get("succeeded") or ()), list(waiting.get("failed") or ())
    seen = uncounted(facts.job)
    for pod in pods:
        uid = uid_of(pod)
        if uid in seen or not _has_place(pod, facts):
            continue
        if phase(pod) == "Succeeded":
            succeeded += [] if facts.indexed else [uid]
        elif (is_failed(pod, facts.job) or decided) and judged(facts.job, pod).counts:
            failed.append(uid)
    status = with_indexes(facts, status)
    return {**status, "uncountedTerminatedPods": _waiting(succeeded, failed)}


def with_indexes(facts: Facts, status: Body) -> Body:
    """Which indexes are done and lost. Without any there is nothing to say."""
    if not facts.indexed:
        return status
    found = {**status, "completedIndexes": shown(facts.done)}
    found["succeeded"] = len(facts.done)
    if facts.per_index:
        found["failedIndexes"] = shown(facts.lost)
    return {name: value for name, value in found.items() if value or name not in ("completedIndexes", "succeeded")}


def counted(status: Body, still_held: Sequence[str]) -> Body:
    """The status with the noted pods that nothing holds any more in its counters."""
    waiting = status.get("uncountedTerminatedPods") or {}
    found, left = dict(status), {}
    for name in ("succeeded", "failed"):
        uids = waiting.get(name) or ()
        left[name] = [uid for uid in uids if uid in still_held]
        if len(uids) > len(left[name]):
            found[name] = (found.get(name) or 0) + len(uids) - len(left[name])
    return {**found, "uncountedTerminatedPods": _waiting(left["succeeded"], left["failed"])}


def release(pods: Sequence[Body], because: Body | None = None) -> Iterator[Update]:
    """Take the finalizer away: they may be deleted."""
    for pod in pods:
        left = [one for one in pod["metadata"]["finalizers"] if one != FINALIZER]
        free = put(pod, "metadata.finalizers", left) if left else without(pod, "metadata.finalizers")
        yield Update("pods", free, because=because or pod, why="Its Job has counted it.")


def release_lost(key: Key, view: View) -> Writes:
    """Pods that wait to be counted by a Job that is gone, or that let them go."""
    for pod in view.list("pods", key.namespace):
        if has_finalizer(pod) and not _has_job(pod, view):
            yield from release((pod,))


def _has_job(pod: Body, view: View) -> bool:
    owner = controller_of(pod)
    if owner is None or owner["kind"] != "Job":
        return False
    job = view.get("jobs", Key(key_of(pod).namespace, owner["name"]))
    return job is not None and uid_of(job) == owner["uid"]


def _has_place(pod: Body, facts: Facts) -> bool:
    if not facts.indexed:
        return True
    index = index_of(pod)
    return index is not None and index < (facts.job["spec"].get("completions") or 0)


def _waiting(succeeded: Sequence[str], failed: Sequence[str]) -> Body:
    stated = {"succeeded": list(succeeded), "failed": list(failed)}
    return {name: uids for name, uids in stated.items() if uids}
