"""A deletion that asks first (policy/v1: Eviction, Pod Disruption Budgets)."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, success
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.apiserver.verbs.delete import check_preconditions, remove
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, dig, is_deleting, labels_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.conditions import conditions_of, find, is_true, with_condition
from clusters.reconcile.writes import SetStatus

EVICTION = Kind("policy/v1", "Eviction", "evictions")
MOST_DISRUPTED = 2000
VIOLATED = "Cannot evict pod as it would violate the pod's disruption budget."
SEVERAL = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
DISRUPTED = {"type": "DisruptionTarget", "status": "True", "lastProbeTime": None}
EVICTED = {**DISRUPTED, "reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting"}


def evict(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Conflict, TooManyRequests where its budget does not allow it now."""
    aim = call.aim
    wanted = identified(*read_data(call), EVICTION, whole=False)
    name = wanted["metadata"].get("name")
    if name and name != aim.name:
        raise Status.bad_request(f"name in URL does not match name in Eviction object: {aim.name} != {name}")
    options = wanted.get("deleteOptions") or {}
    dry = call.dry_run or "All" in (options.get("dryRun") or ())
    with changing(call.cluster.pk, call.user.name, dry_run=dry) as tx:
        pod = tx.get("pods", aim.key)
        if pod is None:
            raise Status.not_found("pods", aim.name)
        check_preconditions(aim.kind, pod, options)
        if not _is_over(pod):
            _take_from_budget(tx, pod, aim.namespace)
            pod = _marked(tx, pod)
        remove(tx, aim.kind, pod, options)
    return success({}, code=201)


def _is_over(pod: Body) -> bool:
    """Nobody misses it: it has ended, not begun, or is about to go."""
    return dig(pod, "status.phase") in ("Succeeded", "Failed", "Pending") or is_deleting(pod)


def _take_from_budget(tx: Transaction, pod: Body, namespace: str) -> None:
    budgets = tx.list("poddisruptionbudgets", namespace)
    found = [one for one in budgets if matches(one["spec"].get("selector"), labels_of(pod))]
    if len(found) > 1:
        raise Status(500, "InternalError", f"Internal error occurred: {SEVERAL}")
    if not found or _may_go_unhealthy(found[0], pod):
        return
    budget = found[0]
    _check(budget)
    status = dict(budget["status"])
    status["disruptionsAllowed"] -= 1
    if not status["disruptionsAllowed"]:
        known = find(status.get("conditions") or (), "DisruptionAllowed") or {}
        short = {**known, "type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods"}
        status["conditions"] = with_condition(conditions_of(budget), short, tx.now)
    granted = {**(status.get("disruptedPods") or {}), pod["metadata"]["name"]: rfc3339(tx.now)}
    done = tx.apply(SetStatus("poddisruptionbudgets", budget, {**status, "disruptedPods": granted}, because=pod))
    if isinstance(done, Status):
        raise done


def _may_go_unhealthy(budget: Body, pod: Body) -> bool:
    """A pod that is not ready serves nobody: it may go while the others are enough, or always where its budget says."""
    if is_true(pod, "Ready"):
        return False
    if budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow":
        return True
    healthy, desired = dig(budget, "status.currentHealthy", 0), dig(budget, "status.desiredHealthy", 0)
    return bool(healthy >= desired > 0)


def _check(budget: Body) -> None:
    name, status = budget["metadata"]["name"], budget.get("status") or {}
    if (status.get("observedGeneration") or 0) < (budget["metadata"].get("generation") or 0):
        raise _too_many(f"The disruption budget {name} is still being processed by the server.", retry_after=10)
    if len(status.get("disruptedPods") or ()) > MOST_DISRUPTED:
        why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller"
        raise Status.forbidden("poddisruptionbudgets.policy", name, why)
    if status.get("disruptionsAllowed"):
        return
    condition = find(status.get("conditions") or (), "DisruptionAllowed") or {}
    if condition.get("reason") == "SyncFailed":
        told = f"does not allow evicting pods currently because it failed sync: {condition.get('message')}"
    else:
        told = (
            f"needs {status.get('desiredHealthy', 0)} healthy pods and has {status.get('currentHealthy', 0)} currently"
        )
    raise _too_many(f"The disruption budget {name} {told}")


def _too_many(why: str, retry_after: int = 0) -> Status:
    details: Body = {"causes": [{"reason": "DisruptionBudget", "message": why}]}
    if retry_after:
        details["retryAfterSeconds"] = retry_after
    return Status(429, "TooManyRequests", VIOLATED, details)


def _marked(tx: Transaction, pod: Body) -> Body:
    """With the condition by which its controllers tell a disruption from a failure."""
    status = {**(pod.get("status") or {}), "conditions": with_condition(conditions_of(pod), EVICTED, tx.now)}
    done = tx.apply(SetStatus("pods", pod, status))
    if isinstance(done, Status):
        raise done
    return done
