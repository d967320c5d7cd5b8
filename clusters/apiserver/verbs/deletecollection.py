"""DELETE of a collection: every object that the selectors choose."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.selection import selection
from clusters.apiserver.verbs.delete import delete_options, is_dry, remove
from clusters.engine.transaction import changing


def delete_collection(call: Call) -> Answer:
    """The list of what was deleted, in one commit."""
    aim, wanted = call.aim, delete_options(call)
    chosen = selection(aim.kind, call.query)
    with changing(call.cluster.pk, call.user.name, dry_run=is_dry(call, wanted)) as tx:
        found = [body for body in tx.list(aim.kind.plural, aim.namespace or None) if chosen.takes(body)]
        left = [remove(tx, aim.kind, body, wanted) or body for body in found]
        revision = str(tx.revision)
    head = {"kind": f"{aim.kind.kind}List", "apiVersion": aim.kind.api_version}
    return ok({**head, "metadata": {"resourceVersion": revision}, "items": left})
