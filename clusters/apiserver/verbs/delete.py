"""DELETE of one object: with grace, preconditions and a propagation policy (meta/v1: DeleteOptions)."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok, success
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import options
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, dig, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.writes import Delete

FIELDS = ("gracePeriodSeconds", "orphanDependents", "propagationPolicy", "dryRun")
POLICIES = ("Background", "Foreground", "Orphan")


def delete(call: Call) -> Answer:
    """The object that now waits for its end, or the Status of its removal. Raises NotFound, Conflict, Invalid."""
    aim, wanted = call.aim, delete_options(call)
    with changing(call.cluster.pk, call.user.name, dry_run=is_dry(call, wanted)) as tx:
        old = tx.get(aim.kind.plural, aim.key)
        if old is None:
            raise Status.not_found(aim.kind.resource, aim.name)
        check_preconditions(aim.kind, old, wanted)
        left = remove(tx, aim.kind, old, wanted)
    if left is not None:
        return ok(left)
    about = {"name": aim.name, "group": aim.kind.group, "kind": aim.kind.plural, "uid": old["metadata"]["uid"]}
    return success({field: value for field, value in about.items() if value})


def delete_options(call: Call) -> Body:
    """From the body, or else from the query. Raises Invalid."""
    wanted = options(call, "DeleteOptions", FIELDS)
    policy = wanted.get("propagationPolicy")
    errors = []
    if policy is not None and policy not in POLICIES:
        errors.append(FieldError.unsupported("propagationPolicy", policy, (*POLICIES, "nil")))
    if policy is not None and wanted.get("orphanDependents") is not None:
        both = "orphanDependents and deletionPropagation cannot be both set"
        errors.append(FieldError.invalid("propagationPolicy", policy, both))
    if (wanted.get("gracePeriodSeconds") or 0) < 0:
        wanted = {**wanted, "gracePeriodSeconds": 1}  # as the API server reads it
    if errors:
        raise Status.invalid("DeleteOptions", "meta.k8s.io", "", errors)
    return wanted


def is_dry(call: Call, wanted: Body) -> bool:
    return call.dry_run or "All" in (wanted.get("dryRun") or ())


def check_preconditions(kind: Kind, old: Body, wanted: Body) -> None:
    """Raises Conflict where uid or resourceVersion are not what the writer believes."""
    metadata = old["metadata"]
    for field, told, name in (("uid", "UID", "UID"), ("resourceVersion", "ResourceVersion", "ResourceVersion")):
        asked = dig(wanted, f"preconditions.{field}")
        if asked is not None and asked != metadata[field]:
            why = f"Precondition failed: {told} in precondition: {asked}, {name} in object meta: {metadata[field]}"
            raise Status.conflict(kind.resource, metadata["name"], why)


def remove(tx: Transaction, kind: Kind, old: Body, wanted: Body) -> Body | None:
    """Delete it; what is left of it, None when it is gone."""
    orphans = wanted.get("orphanDependents")
    spoken = "" if orphans is None else "Orphan" if orphans else "Background"
    policy = wanted.get("propagationPolicy") or spoken
    done = tx.apply(Delete(kind.plural, old, grace=wanted.get("gracePeriodSeconds"), propagation=policy))
    if isinstance(done, Status):
        raise done
    return tx.get(kind.plural, key_of(old))
