"""GET of one object: its stored bytes, or a table row or its metadata where the client asks for that."""

from __future__ import annotations

import orjson

from clusters.apiserver import tables
from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.kinds.problem import Status
from clusters.store import read


def get(call: Call) -> Answer:
    """Raises NotFound."""
    return shown(call, read.get(call.cluster.pk, call.aim.kind.plural, call.aim.key))


async def aget(call: Call) -> Answer:
    return shown(call, await read.aget(call.cluster.pk, call.aim.kind.plural, call.aim.key))


def shown(call: Call, stored: read.Stored | None) -> Answer:
    """The object in the form that was asked for."""
    kind, wanted = call.aim.kind, call.form.transform
    if stored is None:
        raise Status.not_found(kind.resource, call.aim.name)
    if not wanted:
        return Answer(200, stored.body)
    body = orjson.loads(stored.body)
    if wanted == "Table":
        metadata = {"resourceVersion": str(stored.revision)}
        return ok(tables.table(kind, [body], call.now, metadata, include=call.query.get("includeObject") or "Metadata"))
    if wanted == "PartialObjectMetadata":
        return ok(tables.partial(body))
    raise Status(406, "NotAcceptable", f"{wanted} cannot be made of one object")
