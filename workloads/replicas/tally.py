"""What a ReplicaSet or ReplicationController says of itself: counts, one condition (replica_set_utils)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body, uid_of
from clusters.kinds.selectors import matches_labels
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of, conditions_of, find, with_condition, without_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain, SetStatus, Write
from workloads.replicas.making import Failure
from workloads.replicas.members import Group, Members

# a failure is tried again after as long as it has lasted, at least and at most so long (client-go's rate limiter)
RETRY_FIRST, RETRY_MOST = SECOND, 1000 * SECOND


def report(rs: Body, plural: str, failure: Failure | None, view: View) -> Iterator[Write]:
    """Write the status where it changed, and come back when a pod has been ready for minReadySeconds."""
    groups = view.derived(Members).of(uid_of(rs))
    soonest, available = _available(rs, groups, view.now)
    status = _tally(rs, groups, available)
    conditions = _conditions(rs, failure, view.now)
    if conditions:
        status["conditions"] = conditions
    if status != (rs.get("status") or {}):
        yield SetStatus(plural, rs, status)
    failing = find(conditions, "ReplicaFailure")
    if failing:
        lasted = view.now - parse(failing["lastTransitionTime"])
        soonest = min(soonest or view.now + RETRY_MOST, view.now + min(max(lasted, RETRY_FIRST), RETRY_MOST))
    if soonest:
        yield LookAgain(soonest)


def _tally(rs: Body, groups: Sequence[Group], available: int) -> Body:
    wanted = (rs["spec"]["template"].get("metadata") or {}).get("labels") or {}
    counts = {
        "replicas": sum(len(group.pods) for group in groups),
        "fullyLabeledReplicas": sum(len(group.pods) for group in groups if matches_labels(wanted, group.labels)),
        "readyReplicas": sum(len(group.ready) for group in groups),
        "availableReplicas": available,
        "observedGeneration": rs["metadata"].get("generation") or 0,
    }
    return {name: count for name, count in counts.items() if count or name == "replicas"}


def _available(rs: Body, groups: Sequence[Group], now: Time) -> tuple[Time | None, int]:
    """(when the next one will be, how many are now)."""
    wait = (rs["spec"].get("minReadySeconds") or 0) * SECOND
    if not wait:
        return None, sum(len(group.ready) for group in groups)
    due = [_ready_since(pod) + wait for group in groups for pod in group.ready.values()]
    return min((time for time in due if time > now), default=None), sum(time <= now for time in due)


def _ready_since(pod: Body) -> Time:
    ready = condition_of(pod, "Ready")
    return parse(ready["lastTransitionTime"]) if ready else 0


def _conditions(rs: Body, failure: Failure | None, now: Time) -> Sequence[Body]:
    known = conditions_of(rs)
    if failure is None:
        return without_condition(known, "ReplicaFailure")
    if find(known, "ReplicaFailure"):
        return known
    reason, message = failure
    failing = {"type": "ReplicaFailure", "status": "True", "reason": reason, "message": message}
    return with_condition(known, failing, now)
