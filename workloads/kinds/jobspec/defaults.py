"""What the API server fills into a JobSpec (Kubernetes: batch/v1 defaults)."""

from __future__ import annotations

from clusters.kinds.body import Body
from workloads.kinds.template import fill_in_template

BACKOFF_LIMIT, NO_LIMIT = 6, 2**31 - 1
UID_LABEL, NAME_LABEL = "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"
OLD_UID_LABEL, OLD_NAME_LABEL = "controller-uid", "job-name"  # from before labels of Jobs had a prefix


def fill_in_job_spec(spec: Body) -> None:
    """Everything but the selector."""
    spec.update(with_numbers(spec))
    fill_in_patterns(spec)
    fill_in_template(spec)


def with_numbers(spec: Body) -> Body:
    """A copy that says how many and how often; a Job without numbers runs one pod once."""
    stated = {name: value for name, value in spec.items() if value is not None}
    per_index = "backoffLimitPerIndex" in stated
    once = {} if "completions" in stated or "parallelism" in stated else {"completions": 1}
    return {
        "parallelism": 1,
        **once,
        "backoffLimit": NO_LIMIT if per_index else BACKOFF_LIMIT,
        "completionMode": "NonIndexed",
        "suspend": False,
        "manualSelector": False,
        "podReplacementPolicy": "Failed" if spec.get("podFailurePolicy") else "TerminatingOrFailed",
        **stated,
    }


def fill_in_patterns(spec: Body) -> None:
    """Of the failure policy: a condition counts when it is True."""
    for rule in (spec.get("podFailurePolicy") or {}).get("rules") or ():
        for pattern in rule.get("onPodConditions") or ():
            pattern["status"] = pattern.get("status") or "True"


def generate_selector(spec: Body, name: str, uid: str) -> None:
    """A selector that no other Job's pods can match, unless the writer wants to choose one himself."""
    if spec.get("manualSelector"):
        return
    labels = {OLD_UID_LABEL: uid, OLD_NAME_LABEL: name, UID_LABEL: uid, NAME_LABEL: name}
    metadata = spec["template"]["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    selector = spec["selector"] = spec.get("selector") or {}
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), UID_LABEL: uid}
