"""GET and LIST of what is measured (metrics.k8s.io), which `kubectl top` reads."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.apiserver import tables
from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.measured import measure
from clusters.apiserver.selection import selection
from clusters.engine.transaction import Transaction
from clusters.kinds.body import Body
from clusters.kinds.problem import Status


def get(call: Call) -> Answer:
    """Raises NotFound, also for what nobody has measured yet."""
    aim, view = call.aim, reading(call)
    body = view.get(aim.kind.plural, aim.key)
    found = list(measure(aim.kind, view, [body])) if body is not None else []
    if not found:
        raise Status.not_found(f"{aim.kind.kind.lower()}.metrics.k8s.io", str(aim.key))
    if call.form.transform == "Table":
        return ok(tables.table(aim.kind, found, call.now, {}, include=call.query.get("includeObject") or "Metadata"))
    return ok(found[0])


def list_metrics(call: Call) -> Answer:
    """Raises BadRequest for bad selectors."""
    aim, view = call.aim, reading(call)
    chosen = selection(view.kinds[aim.kind.plural], call.query)
    bodies = [body for body in view.list(aim.kind.plural, aim.namespace or None) if chosen.takes(body)]
    found = list(measure(aim.kind, view, bodies))
    if call.form.transform == "Table":
        return ok(tables.table(aim.kind, found, call.now, {}, include=call.query.get("includeObject") or "Metadata"))
    return ok(_listed(call, found))


def reading(call: Call) -> Transaction:
    """The cluster as it is stored: a transaction that nobody commits, with the machine room read at once."""
    view = Transaction(call.cluster, call.user.name)
    view.list("sandboxes")
    return view


def _listed(call: Call, found: Sequence[Body]) -> Body:
    head = {"kind": f"{call.aim.kind.kind}List", "apiVersion": call.aim.kind.api_version, "metadata": {}}
    return {**head, "items": list(found)}
