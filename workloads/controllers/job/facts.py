"""A Job and its pods at one moment, counted (Kubernetes: job controller, syncJobCtx)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clusters.kinds.body import Body, dig, is_deleting, key_of, uid_of
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.view import View
from workloads.controllers.job import failurepolicy
from workloads.kinds.jobspec.indexes import index_of, known

FINALIZER = "batch.kubernetes.io/job-tracking"
FINISHED = ("Succeeded", "Failed")


@dataclass(frozen=True, slots=True)
class Facts:
    """Numbers that follow from the Job's status and from pods that are not yet in it."""

    job: Body
    pods: Sequence[Body]  # all that it controls
    now: Time
    live: Sequence[Body] = ()  # those that are not both over and counted
    active: Sequence[Body] = ()
    new_failed: Sequence[Body] = ()  # with the finalizer: not counted yet
    new_succeeded: Sequence[Body] = ()
    before: set[int] = field(default_factory=set)  # indexes that the status says have succeeded
    done: set[int] = field(default_factory=set)  # and those that have
    lost: set[int] = field(default_factory=set)  # indexes that have failed for good
    succeeded: int = 0
    failed: int = 0

    @property
    def spec(self) -> Body:
        return dict(self.job["spec"])

    @property
    def indexed(self) -> bool:
        return bool(self.job["spec"].get("completionMode") == "Indexed")

    @property
    def per_index(self) -> bool:
        return self.job["spec"].get("backoffLimitPerIndex") is not None

    @property
    def terminating(self) -> Sequence[Body]:
        return [pod for pod in self.live if is_deleting(pod) and phase(pod) not in FINISHED]

    @property
    def held_back(self) -> Mapping[int, Body]:
        """By index, the failed pod that stays uncounted until its replacement knows how often the index failed."""
        if not self.per_index:
            return {}
        running = [index_of(pod) for pod in self.active]
        found: dict[int, Body] = {}
        for pod in self.new_failed:
            index = index_of(pod)
            if index is None or index in self.done or index in self.lost or index in running:
                continue
            known_one = found.get(index)
            if known_one is None or failurepolicy.all_failures(known_one) <= failurepolicy.all_failures(pod):
                found[index] = pod
        return found


def look(job: Body, view: View) -> Facts:
    """Count everything afresh."""
    pods = view.owned(job, "pods")
    status = job.get("status") or {}
    bare = Facts(job, pods, view.now)
    live = [pod for pod in pods if has_finalizer(pod) or phase(pod) not in FINISHED]
    noted = uncounted(job)
    new = [pod for pod in live if has_finalizer(pod) and uid_of(pod) not in noted and _is_valid(pod, bare)]
    new_succeeded = [pod for pod in new if phase(pod) == "Succeeded"]
    new_failed = [pod for pod in new if is_failed(pod, job)]
    waiting = status.get("uncountedTerminatedPods") or {}
    counted = [pod for pod in new_failed if failurepolicy.judged(job, pod).counts]
    completions = job["spec"].get("completions") or 0
    before = known(status.get("completedIndexes") or "", completions) if bare.indexed else set()
    done = before | {index for pod in new_succeeded if (index := index_of(pod)) is not None} if bare.indexed else before
    lost = _lost(job, new_failed, completions) if bare.per_index else set()
    so_far = (status.get("succeeded") or 0) + len(new_succeeded) + len(waiting.get("succeeded") or ())
    return Facts(
        job,
        pods,
        view.now,
        live=live,
        active=[pod for pod in live if is_active(pod)],
        new_failed=new_failed,
        new_succeeded=new_succeeded,
        before=before,
        done=done,
        lost=lost - done,
        succeeded=len(done) if bare.indexed else so_far,
        failed=(status.get("failed") or 0) + len(counted) + len(waiting.get("failed") or ()),
    )


def phase(pod: Body) -> str:
    return str((pod.get("status") or {}).get("phase") or "Pending")


def is_active(pod: Body) -> bool:
    """Neither over nor asked to go."""
    return phase(pod) not in FINISHED and not is_deleting(pod)


def is_failed(pod: Body, job: Body) -> bool:
    """Failed; or asked to go, unless the Job wants to see how such a pod ends before it is replaced."""
    if phase(pod) == "Failed":
        return True
    return replaces_terminating(job) and is_deleting(pod) and phase(pod) != "Succeeded"


def replaces_terminating(job: Body) -> bool:
    return bool(job["spec"].get("podReplacementPolicy") != "Failed")


def has_finalizer(pod: Body) -> bool:
    return FINALIZER in (pod["metadata"].get("finalizers") or ())


def uncounted(job: Body) -> Sequence[str]:
    """uids that the status has noted and not yet counted."""
    waiting = dig(job, "status.uncountedTerminatedPods") or {}
    return [*(waiting.get("succeeded") or ()), *(waiting.get("failed") or ())]


def finished_at(pod: Body, now: Time) -> Time:
    """When its containers had ended, or as near to it as anybody knows."""
    ended = [dig(one, "state.terminated.finishedAt") for one in dig(pod, "status.containerStatuses") or ()]
    if ended and all(ended):
        return max(parse(stamp) for stamp in ended)
    ready = condition_of(pod, "Ready")
    if ready and ready["status"] == "False" and ready.get("lastTransitionTime"):
        return parse(ready["lastTransitionTime"])
    if is_deleting(pod):
        grace = pod["metadata"].get("deletionGracePeriodSeconds") or 0
        return min(parse(pod["metadata"]["deletionTimestamp"]) - grace * SECOND, now)
    return now


def named(pod: Body) -> str:
    return str(key_of(pod))


def _is_valid(pod: Body, facts: Facts) -> bool:
    """A pod of an Indexed Job counts for an index that the Job has."""
    if not facts.indexed:
        return True
    index = index_of(pod)
    return index is not None and index < (facts.job["spec"].get("completions") or 0)


def _lost(job: Body, new_failed: Sequence[Body], completions: int) -> set[int]:
    lost = known(dig(job, "status.failedIndexes") or "", completions)
    for pod in new_failed:
        index = index_of(pod)
        if index is not None and failurepolicy.ends_index(job, pod):
            lost.add(index)
    return lost
