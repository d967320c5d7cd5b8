"""The scale subresource: so many replicas, whatever the kind (autoscaling/v1: Scale)."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.apiserver.owned import owned
from clusters.apiserver.parsing import parse
from clusters.apiserver.verbs.patch import accepted_patch, patched
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, dig, put
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.writes import Update
from clusters.store import read

SCALE = Kind("autoscaling/v1", "Scale", "scales")
COPIED = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def get(call: Call) -> Answer:
    """Raises NotFound."""
    import orjson

    stored = read.get(call.cluster.pk, call.aim.kind.plural, call.aim.key)
    if stored is None:
        raise Status.not_found(call.aim.kind.resource, call.aim.name)
    return ok(scale_of(orjson.loads(stored.body)))


def update(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Conflict, Invalid."""
    wanted = identified(*read_data(call), SCALE)
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        return ok(_write(call, tx, _live(call, tx), wanted))


def patch(call: Call) -> Answer:
    parsed = parse(call.body, call.content_type)
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        live = _live(call, tx)
        wanted = accepted_patch(call, SCALE, patched(call, SCALE, scale_of(live), parsed.value), parsed)
        return ok(_write(call, tx, live, wanted))


def scale_of(body: Body) -> Body:
    """The Scale that stands for this object."""
    metadata = {field: body["metadata"][field] for field in COPIED if field in body["metadata"]}
    status = {"replicas": dig(body, "status.replicas") or 0}
    chosen = dig(body, "spec.selector") or {}
    # a ReplicationController's selector is plain pairs
    selector = selector_text({"matchLabels": chosen} if body["kind"] == "ReplicationController" else chosen)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": metadata,
        "spec": {"replicas": dig(body, "spec.replicas", 0)},
        "status": {**status, **({"selector": selector} if selector else {})},
    }


def selector_text(selector: Body) -> str:
    """A LabelSelector as a query: `app=web,tier in (a,b)`."""
    found = [f"{name}={value}" for name, value in (selector.get("matchLabels") or {}).items()]
    for rule in selector.get("matchExpressions") or ():
        values = ",".join(sorted(rule.get("values") or ()))
        shapes = {"In": f"{rule['key']} in ({values})", "NotIn": f"{rule['key']} notin ({values})"}
        shapes |= {"Exists": rule["key"], "DoesNotExist": f"!{rule['key']}"}
        found.append(shapes[rule["operator"]])
    return ",".join(sorted(found))


def _live(call: Call, tx: Transaction) -> Body:
    live = tx.get(call.aim.kind.plural, call.aim.key)
    if live is None:
        raise Status.not_found(call.aim.kind.resource, call.aim.name)
    return live


def _write(call: Call, tx: Transaction, live: Body, wanted: Body) -> Body:
    kind, replicas = call.aim.kind, dig(wanted, "spec.replicas", 0)
    if replicas < 0:
        wrong = FieldError.invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        raise Status.invalid("Scale", "autoscaling", call.aim.name, [wrong])
    new = put(live, "spec.replicas", replicas)
    asked = dig(wanted, "metadata.resourceVersion")
    if asked:
        new = put(new, "metadata.resourceVersion", asked)
    new = owned(call, kind, new, live, tx.now, "scale")
    done = tx.apply(Update(kind.plural, new))
    if isinstance(done, Status):
        raise done
    return scale_of(done)
