"""The finalize subresource of a Namespace: what still holds it (Kubernetes: Namespaces, `spec.finalizers`)."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import read_object
from clusters.engine.transaction import changing
from clusters.kinds.body import dig, put
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Update


def finalize(call: Call) -> Answer:
    """Raises NotFound, Conflict."""
    aim = call.aim
    wanted = read_object(call, aim.kind)
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        old = tx.get(aim.kind.plural, aim.key)
        if old is None:
            raise Status.not_found(aim.kind.resource, aim.name)
        new = put(old, "spec.finalizers", dig(wanted, "spec.finalizers") or [])
        asked = dig(wanted, "metadata.resourceVersion")
        new = put(new, "metadata.resourceVersion", asked) if asked else new
        done = tx.apply(Update(aim.kind.plural, new, subresource=aim.subresource))
        if isinstance(done, Status):
            raise done
    return ok(done)
