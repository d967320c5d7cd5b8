"""Whether a Job is decided, and why (Kubernetes: Job termination and cleanup)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of
from workloads.controllers.job.facts import Facts, is_failed, phase
from workloads.controllers.job.failurepolicy import judged
from workloads.kinds.jobspec.indexes import parsed

FAILING, SUCCEEDING = "FailureTarget", "SuccessCriteriaMet"
LAST = {FAILING: "Failed", SUCCEEDING: "Complete"}


class Verdict(NamedTuple):
    """`type` is the interim condition; the last one follows when all its pods have ended."""

    type: str
    reason: str
    message: str


REACHED = Verdict(SUCCEEDING, "CompletionsReached", "Reached expected number of succeeded pods")


def verdict(facts: Facts) -> Verdict | None:
    """What was decided before stands; else the first reason to fail or to succeed early."""
    for type_ in (SUCCEEDING, FAILING):
        known = condition_of(facts.job, type_)
        if known and known["status"] == "True":
            return Verdict(type_, known.get("reason") or "", known.get("message") or "")
    return _refused(facts) or _limited(facts) or _failed_indexes(facts) or _successful(facts)


def deadline(job: Body) -> Time | None:
    """When its time is over; None while it is suspended or has all the time in the world."""
    seconds, start = job["spec"].get("activeDeadlineSeconds"), dig(job, "status.startTime")
    if seconds is None or not start or job["spec"].get("suspend"):
        return None
    return parse(start) + int(seconds) * SECOND


def is_reached(facts: Facts, active: int) -> bool:
    """So many completions; a work queue is done when one worker has succeeded and all are gone."""
    wanted = facts.job["spec"].get("completions")
    if wanted is None:
        return facts.succeeded > 0 and active == 0
    return facts.succeeded >= int(wanted)


def _refused(facts: Facts) -> Verdict | None:
    if not facts.job["spec"].get("podFailurePolicy"):
        return None
    for pod in facts.pods:
        message = judged(facts.job, pod).message if is_failed(pod, facts.job) else ""
        if message:
            return Verdict(FAILING, "PodFailurePolicy", message)
    return None


def _limited(facts: Facts) -> Verdict | None:
    spec, due = facts.job["spec"], deadline(facts.job)
    if facts.failed > spec["backoffLimit"] or _restarted_too_often(facts.pods, spec):
        return Verdict(FAILING, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    if due is not None and facts.now >= due:
        return Verdict(FAILING, "DeadlineExceeded", "Job was active longer than specified deadline")
    return None


def _restarted_too_often(pods: Sequence[Body], spec: Body) -> bool:
    """Where the kubelet starts containers again, its restarts are the failures."""
    if dig(spec, "template.spec.restartPolicy") != "OnFailure":
        return False
    restarts = 0
    for pod in pods:
        if phase(pod) in ("Running", "Pending"):
            for group in ("initContainerStatuses", "containerStatuses"):
                restarts += sum(one.get("restartCount") or 0 for one in dig(pod, f"status.{group}") or ())
    limit: int = spec["backoffLimit"]
    return restarts > 0 if limit == 0 else restarts >= limit


def _failed_indexes(facts: Facts) -> Verdict | None:
    if not facts.per_index:
        return None
    most, lost = facts.job["spec"].get("maxFailedIndexes"), len(facts.lost)
    if most is not None and lost > most:
        told = "Job has exceeded the specified maximal number of failed indexes"
        return Verdict(FAILING, "MaxFailedIndexesExceeded", told)
    if lost and lost + len(facts.done) >= (facts.job["spec"].get("completions") or 0):
        return Verdict(FAILING, "FailedIndexes", "Job has failed indexes")
    return None


def _successful(facts: Facts) -> Verdict | None:
    rules = dig(facts.job, "spec.successPolicy.rules") or ()
    for number, rule in enumerate(rules):
        indexes, count = rule.get("succeededIndexes"), rule.get("succeededCount")
        done = len(facts.done)
        if indexes is not None:
            ranges = parsed(indexes, facts.job["spec"]["completions"])
            done = sum(index in facts.done for one in ranges for index in one)
            count = sum(len(one) for one in ranges) if count is None else count
        if count is not None and done >= count:
            return Verdict(SUCCEEDING, "SuccessPolicy", f"Matched rules at index {number}")
    return None
