"""Whether a pod may be evicted now, by what its budget has left (Kubernetes: Pod Disruption Budgets, eviction)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, dig, is_deleting, labels_of
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.clock import Time, rfc3339
from clusters.reconcile.conditions import conditions_of, find, is_true, with_condition

MOST_DISRUPTED = 2000
VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."
SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."


def spent(pod: Body, budgets: Sequence[Body], now: Time) -> Body | Status | None:
    """The pod's budget with one disruption less, None where no budget is asked, or the refusal.

    `budgets`: all of the pod's namespace.
    """
    if _is_over(pod):
        return None
    found = [one for one in budgets if matches(one["spec"].get("selector"), labels_of(pod))]
    if len(found) > 1:
        return Status(500, "InternalError", f"Internal error occurred: {SEVERAL}")
    if not found or _may_go_unhealthy(found[0], pod):
        return None
    return _refusal(found[0]) or _with_one_less(found[0], pod, now)


def _is_over(pod: Body) -> bool:
    """Nobody misses it: it has ended, not begun, or is about to go."""
    return dig(pod, "status.phase") in ("Succeeded", "Failed", "Pending") or is_deleting(pod)


def _may_go_unhealthy(budget: Body, pod: Body) -> bool:
    """A pod that is not ready serves nobody: it may go while the others are enough, or always where its budget says."""
    if is_true(pod, "Ready"):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    healthy, desired = dig(budget, "status.currentHealthy", 0), dig(budget, "status.desiredHealthy", 0)
    return bool(healthy >= desired > 0)


def _with_one_less(budget: Body, pod: Body, now: Time) -> Body:
    status = dict(budget["status"])
    status["disruptionsAllowed"] -= 1
    if not status["disruptionsAllowed"]:
        known = find(status.get("conditions") or (), "DisruptionAllowed") or {}
        short = {**known, "type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods"}
        status["conditions"] = with_condition(conditions_of(budget), short, now)
    granted = {**(status.get("disruptedPods") or {}), pod["metadata"]["name"]: rfc3339(now)}
    return {**budget, "status": {**status, "disruptedPods": granted}}


def _refusal(budget: Body) -> Status | None:
    name, status = budget["metadata"]["name"], budget.get("status") or {}
    if (status.get("observedGeneration") or 0) < (budget["metadata"].get("generation") or 0):
        return _too_many(f"The disruption budget {name} is still being processed by the server.", retry_after=10)
    if len(status.get("disruptedPods") or ()) > MOST_DISRUPTED:
        why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        return Status.forbidden("poddisruptionbudgets.policy", name, why)
    if status.get("disruptionsAllowed"):
        return None
    condition = find(status.get("conditions") or (), "DisruptionAllowed") or {}
    if condition.get("reason") == "SyncFailed":
        told = f"does not allow evicting pods currently because it failed sync: {condition.get('message')}"
    else:
        healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
        told = f"needs {desired} healthy pods and has {healthy} currently"
    return _too_many(f"The disruption budget {name} {told}")


def _too_many(why: str, retry_after: int = 0) -> Status:
    details: Body = {"causes": [{"reason": "DisruptionBudget", "message": why}]}
    if retry_after:
        details["retryAfterSeconds"] = retry_after
    return Status(429, "TooManyRequests", VIOLATED, details)
