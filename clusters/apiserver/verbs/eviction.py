"""A deletion that asks first (policy/v1: Eviction, Pod Disruption Budgets)."""

from __future__ import annotations

from clusters.admission.disruption import spent
from clusters.apiserver.answer import Answer, success
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.apiserver.verbs.delete import check_preconditions, remove
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, dig, is_deleting
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.writes import SetStatus

EVICTION = Kind("policy/v1", "Eviction", "evictions")
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
        budget = spent(pod, tx.list("poddisruptionbudgets", aim.namespace), tx.now)
        if isinstance(budget, Status):
            raise budget
        if budget is not None:
            _write_status(tx, "poddisruptionbudgets", budget)
        remove(tx, aim.kind, _marked(tx, pod), options)
    return success({}, code=201)


def _marked(tx: Transaction, pod: Body) -> Body:
    """With the condition by which its controllers tell a disruption from a failure."""
    if is_deleting(pod) or dig(pod, "status.phase") in ("Succeeded", "Failed"):
        return pod
    status = {**(pod.get("status") or {}), "conditions": with_condition(conditions_of(pod), EVICTED, tx.now)}
    return _write_status(tx, "pods", {**pod, "status": status})


def _write_status(tx: Transaction, resource: str, body: Body) -> Body:
    done = tx.apply(SetStatus(resource, body, body["status"]))
    if isinstance(done, Status):
        raise done
    return done
