"""PUT: the whole object as it shall be, or its status."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import read_object
from clusters.apiserver.owned import owned, told
from clusters.engine.transaction import changing
from clusters.kinds.problem import Status
from clusters.kinds.unhonoured import warnings
from clusters.reconcile.writes import Update


def update(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Conflict, Invalid."""
    aim = call.aim
    body = read_object(call, aim.kind)
    call.warnings.extend(() if aim.subresource else warnings(aim.kind, body))
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        old = tx.get(aim.kind.plural, aim.key)
        if old is None:
            raise Status.not_found(aim.kind.resource, aim.name)
        new = owned(call, aim.kind, body, old, tx.now, aim.subresource)
        done = tx.apply(Update(aim.kind.plural, new, subresource=aim.subresource))
        if isinstance(done, Status):
            raise done
    return ok(told(call, done, old))
