"""What a failed pod means to its Job (Kubernetes: podFailurePolicy, backoffLimitPerIndex)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, annotations_of, dig, key_of
from clusters.kinds.number import whole_number
from clusters.reconcile.conditions import conditions_of

COUNT = "batch.kubernetes.io/job-index-failure-count"  # annotation: how often the index failed before this pod
IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"


class Judgement(NamedTuple):
    """The action of the first rule that matches; `message` where it fails the whole Job."""

    action: str
    counts: bool
    message: str


UNJUDGED = Judgement("", True, "")


def judged(job: Body, pod: Body) -> Judgement:
    """The rules in order; a pod that none is about counts as a failure."""
    for number, rule in enumerate(dig(job, "spec.podFailurePolicy.rules") or ()):
        found = _matching(rule, pod)
        if found:
            action = rule["action"]
            told = f"{found} matching {action} rule at index {number}" if action == "FailJob" else ""
            return Judgement(action, action != "Ignore", told)
    return UNJUDGED


def failures(pod: Body) -> int:
    """How often the pod's index had failed before it, as its annotation says."""
    return whole_number(annotations_of(pod).get(COUNT, "")) or 0


def ignored_failures(pod: Body) -> int:
    return whole_number(annotations_of(pod).get(IGNORED, "")) or 0


def all_failures(pod: Body) -> int:
    return failures(pod) + ignored_failures(pod)


def ends_index(job: Body, pod: Body) -> bool:
    """Whether nobody tries the index of this failed pod again."""
    judgement = judged(job, pod)
    if judgement.action == "FailIndex":
        return True
    return judgement.counts and failures(pod) >= job["spec"]["backoffLimitPerIndex"]


def _matching(rule: Body, pod: Body) -> str:
    """The beginning of the sentence about what matched; "" when nothing does."""
    codes = rule.get("onExitCodes")
    if codes:
        for status in (
            *(dig(pod, "status.containerStatuses") or ()),
            *(dig(pod, "status.initContainerStatuses") or ()),
        ):
            code = dig(status, "state.terminated.exitCode")
            if code and _is_chosen(codes, status["name"], code):
                return f"Container {status['name']} for pod {key_of(pod)} failed with exit code {code}"
        return ""
    return _condition(rule.get("onPodConditions") or (), pod)


def _is_chosen(codes: Body, container: str, code: int) -> bool:
    if codes.get("containerName") not in (None, container):
        return False
    return (code in codes["values"]) is (codes["operator"] == "In")


def _condition(patterns: Sequence[Body], pod: Body) -> str:
    for condition in conditions_of(pod):
        for pattern in patterns:
            if (condition["type"], condition["status"]) == (pattern["type"], pattern.get("status", "True")):
                return f"Pod {key_of(pod)} has condition {condition['type']}"
    return ""
