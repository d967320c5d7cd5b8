"""A deletion that asks first (policy/v1: Eviction). Nothing here may refuse it yet: budgets are not served."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, success
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.apiserver.verbs.delete import check_preconditions, remove
from clusters.engine.transaction import changing
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status

EVICTION = Kind("policy/v1", "Eviction", "evictions")


def evict(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Conflict."""
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
        remove(tx, aim.kind, pod, options)
    return success({}, code=201)
