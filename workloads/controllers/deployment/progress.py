"""The conditions of a Deployment: Available, Progressing, ReplicaFailure (deployment: progress.go)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time, parse, rfc3339
from clusters.reconcile.conditions import find, without_condition
from workloads.controllers.deployment.limits import max_unavailable, wanted
from workloads.controllers.deployment.rollout import Rollout

NO_DEADLINE = 2**31 - 1
NEW_AVAILABLE, TIMED_OUT, PAUSED = "NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused"


def has_deadline(deployment: Body) -> bool:
    return deployment["spec"].get("progressDeadlineSeconds") not in (None, NO_DEADLINE)


def set_condition(
    conditions: Sequence[Body], type_: str, status: str, reason: str, message: str, now: Time
) -> Sequence[Body]:
    """The condition at the end of the list; nothing changes when status and reason are as before."""
    known = find(conditions, type_)
    if known and known["status"] == status and known["reason"] == reason:
        return conditions
    moved = known["lastTransitionTime"] if known and known["status"] == status else rfc3339(now)
    return [*without_condition(conditions, type_), _condition(type_, status, reason, message, now, moved)]


def note_pause(rollout: Rollout) -> None:
    """While paused no deadline runs."""
    known = find(rollout.conditions, "Progressing")
    if not has_deadline(rollout.deployment) or (known and known["reason"] == TIMED_OUT):
        return
    paused, noted = bool(rollout.deployment["spec"].get("paused")), bool(known and known["reason"] == PAUSED)
    if paused and not noted:
        _set(rollout, "Progressing", "Unknown", PAUSED, "Deployment is paused")
    elif noted and not paused:
        _set(rollout, "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed")


def note_available(rollout: Rollout, status: Body) -> None:
    """Whether the promised minimum is there."""
    deployment = rollout.deployment
    if (status.get("availableReplicas") or 0) >= wanted(deployment) - max_unavailable(deployment):
        _set(rollout, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    else:
        told = "Deployment does not have minimum availability."
        _set(rollout, "Available", "False", "MinimumReplicasUnavailable", told)


def note_progress(rollout: Rollout, status: Body) -> None:
    """Complete, moving, or stuck for longer than the deadline allows."""
    known = find(rollout.conditions, "Progressing")
    if not has_deadline(rollout.deployment):
        rollout.conditions = without_condition(rollout.conditions, "Progressing")
        return
    if _count(status, "replicas") == _count(status, "updatedReplicas") and known and known["reason"] == NEW_AVAILABLE:
        return
    if is_complete(rollout.deployment, status):
        _set(rollout, "Progressing", "True", NEW_AVAILABLE, f"{_subject(rollout)} has successfully progressed.")
    elif _moved(rollout.deployment.get("status") or {}, status):
        _touch(rollout, known)
    elif _timed_out(rollout.deployment, known, rollout.view.now):
        _set(rollout, "Progressing", "False", TIMED_OUT, f"{_subject(rollout)} has timed out progressing.")


def note_failures(rollout: Rollout) -> None:
    """The current ReplicaSet's failure to make pods, or else an old one's."""
    rollout.conditions = without_condition(rollout.conditions, "ReplicaFailure")
    for rs in [rs for rs in (rollout.new, *rollout.olds) if rs]:
        failing = find((rs.get("status") or {}).get("conditions") or (), "ReplicaFailure")
        if failing and failing["status"] == "True":
            since = failing["lastTransitionTime"]
            rollout.conditions = [*rollout.conditions, {**failing, "lastUpdateTime": since}]
            return


def is_complete(deployment: Body, status: Body) -> bool:
    """All pods are of the current template, there and available."""
    total = wanted(deployment)
    counts = (_count(status, name) for name in ("updatedReplicas", "replicas", "availableReplicas"))
    seen = _count(status, "observedGeneration") >= (deployment["metadata"].get("generation") or 0)
    return seen and all(count == total for count in counts)


def deadline(rollout: Rollout, status: Body) -> Time | None:
    """When to look whether the rollout is stuck."""
    known = find(rollout.conditions, "Progressing")
    if not has_deadline(rollout.deployment) or known is None or known["reason"] in (TIMED_OUT, PAUSED, NEW_AVAILABLE):
        return None
    if is_complete(rollout.deployment, status):
        return None
    return _limit(rollout.deployment, known)


def _touch(rollout: Rollout, known: Body | None) -> None:
    now = rollout.view.now
    moved = known["lastTransitionTime"] if known and known["status"] == "True" else rfc3339(now)
    told = f"{_subject(rollout)} is progressing."
    others = without_condition(rollout.conditions, "Progressing")
    rollout.conditions = [*others, _condition("Progressing", "True", "ReplicaSetUpdated", told, now, moved)]


def _moved(before: Body, after: Body) -> bool:
    def left(status: Body) -> int:
        return _count(status, "replicas") - _count(status, "updatedReplicas")

    grew = any(
        _count(after, name) > _count(before, name) for name in ("updatedReplicas", "readyReplicas", "availableReplicas")
    )
    return grew or left(after) < left(before)


def _timed_out(deployment: Body, known: Body | None, now: Time) -> bool:
    if known is None or known["reason"] in (NEW_AVAILABLE, PAUSED):
        return False
    return bool(known["reason"] == TIMED_OUT) or now >= _limit(deployment, known)


def _limit(deployment: Body, known: Body) -> Time:
    # a second more: the stamp was rounded down
    return parse(known["lastUpdateTime"]) + (int(deployment["spec"]["progressDeadlineSeconds"]) + 1) * SECOND


def _set(rollout: Rollout, type_: str, status: str, reason: str, message: str) -> None:
    rollout.conditions = set_condition(rollout.conditions, type_, status, reason, message, rollout.view.now)


def _subject(rollout: Rollout) -> str:
    if rollout.new:
        return f'ReplicaSet "{rollout.new["metadata"]["name"]}"'
    return f'Deployment "{rollout.deployment["metadata"]["name"]}"'


def _condition(type_: str, status: str, reason: str, message: str, now: Time, moved: str) -> Body:
    return {
        "type": type_,
        "status": status,
        "lastUpdateTime": rfc3339(now),
        "lastTransitionTime": moved,
        "reason": reason,
        "message": message,
    }


def _count(status: Body, name: str) -> int:
    return int(status.get(name) or 0)
