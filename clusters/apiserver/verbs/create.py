"""POST: a new object."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import read_object
from clusters.apiserver.owned import owned, told
from clusters.engine.transaction import changing
from clusters.kinds.problem import FieldError, Status
from clusters.kinds.unhonoured import warnings
from clusters.reconcile.writes import Create


def create(call: Call) -> Answer:
    """Raises BadRequest, Invalid, AlreadyExists, and whatever admission says."""
    kind = call.aim.kind
    body = read_object(call, kind)
    metadata = body["metadata"]
    if metadata.get("resourceVersion"):
        raise Status.bad_request("resourceVersion should not be set on objects to be created")
    if not metadata.get("name") and not metadata.get("generateName"):
        missing = FieldError.required("metadata.name", "name or generateName is required")
        raise Status.invalid(kind.kind, kind.group, "", [missing])
    call.warnings.extend(warnings(kind, body))
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        made = tx.apply(Create(kind.plural, owned(call, kind, body, None, tx.now)))
        if isinstance(made, Status):
            raise made
    return ok(told(call, made, None), code=201)
