"""Keeps `metadata.managedFields` of what the API writes: who set which field (fieldmanager)."""

from __future__ import annotations

from clusters.admission.apply import fresh
from clusters.apiserver.call import Call
from clusters.apiserver.ownership.managers import Writer, owned_after_update
from clusters.kinds.body import Body, put, without
from clusters.kinds.kind import Kind
from clusters.kinds.schema import shape_of
from clusters.reconcile.clock import Time


def owned(call: Call, kind: Kind, new: Body, old: Body | None, now: Time, subresource: str = "") -> Body:
    """The new object with its owners: what defaulting adds belongs to the writer too."""
    if subresource == "status":
        assert old is not None
        seen: Body = {**old, "status": new.get("status") or {}}
        seen["metadata"] = {**old["metadata"], "managedFields": new["metadata"].get("managedFields")}
    else:
        seen = fresh(new)
        kind.defaults(seen)
        part = kind.parts.get(subresource)
        protect = part.protect if part else kind.protect
        seen = protect(seen, old) if old is not None else _without_status(kind, seen)
    managed = owned_after_update(shape_of(kind), old, seen, Writer(call.manager, subresource, now))
    fields = managed["metadata"].get("managedFields")
    return put(new, "metadata.managedFields", fields) if fields else without(new, "metadata.managedFields")


def _without_status(kind: Kind, body: Body) -> Body:
    return without(body, "status") if "status" in kind.subresources else body


def told(call: Call, made: Body, old: Body | None) -> Body:
    """What a write answers with. A dry run has stored nothing, so it has no revision of its own."""
    if not call.dry_run:
        return made
    revision = old["metadata"].get("resourceVersion") if old else None
    return put(made, "metadata.resourceVersion", revision) if revision else without(made, "metadata.resourceVersion")
