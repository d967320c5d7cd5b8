"""A pod gets its node from outside (v1: Binding): what a scheduler of one's own does."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, success
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, dig, put
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.writes import Update

BINDING = Kind("v1", "Binding", "bindings")


def bind(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Invalid, Conflict where the pod has a node or is about to go."""
    wanted = identified(*read_data(call), BINDING, whole=False)
    node = _node(wanted, call.aim.name)
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        pod = tx.get("pods", call.aim.key)
        if pod is None:
            raise Status.not_found("pods", call.aim.name)
        _check_free(pod)
        scheduled = {"type": "PodScheduled", "status": "True"}
        bound = put(pod, "spec.nodeName", node)
        bound = put(bound, "status.conditions", with_condition(conditions_of(pod), scheduled, tx.now))
        done = tx.apply(Update("pods", bound, subresource="binding", why=f"Bound at {rfc3339(tx.now)}."))
        if isinstance(done, Status):
            raise done
    return success({}, code=201)


def _node(wanted: Body, name: str) -> str:
    target = wanted.get("target") or {}
    errors = []
    if target.get("kind") not in (None, "", "Node"):
        errors.append(FieldError.unsupported("target.kind", target["kind"], ("Node", "<empty>")))
    if not target.get("name"):
        errors.append(FieldError.required("target.name"))
    if errors:
        raise Status.invalid("Binding", "", name, errors)
    return str(target["name"])


def _check_free(pod: Body) -> None:
    name, taken = pod["metadata"]["name"], dig(pod, "spec.nodeName")
    if pod["metadata"].get("deletionTimestamp"):
        raise Status.conflict("pods/binding", name, f"pod {name} is being deleted, cannot be assigned to a host")
    if taken:
        raise Status.conflict("pods/binding", name, f'pod {name} is already assigned to node "{taken}"')
