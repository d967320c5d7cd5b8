"""LIST: stored bytes joined; parsed only where a selector, a table or metadata alone ask for it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

import orjson

from clusters.apiserver import tables
from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.selection import Selection, selection
from clusters.kinds.body import Body
from clusters.kinds.number import whole_number
from clusters.kinds.problem import Status
from clusters.store import read
from clusters.store.read import Listing, Row

TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter."
)


def list_objects(call: Call) -> Answer:
    """Raises BadRequest for bad selectors, Expired for a continue token behind the log's floor."""
    aim = call.aim
    if _is_whole(call):
        return _whole(call)
    return shown(call, read.listing(call.cluster.pk, aim.kind.plural, aim.namespace or None))


def _is_whole(call: Call) -> bool:
    """Whether all objects are asked for, as they are stored: nobody has to look into the list."""
    narrower = ("labelSelector", "fieldSelector", "limit", "continue")
    return not call.form.transform and not any(call.query.get(name) for name in narrower)


def _whole(call: Call) -> Answer:
    revision, bodies = read.joined(call.cluster.pk, call.aim.kind.plural, call.aim.namespace or None)
    _check_version(call, revision)
    return _joined(call, bodies, {"resourceVersion": str(revision)})


def shown(call: Call, listing: Listing) -> Answer:
    """The list in the form that was asked for."""
    _check_version(call, listing.revision)
    kind, chosen = call.aim.kind, selection(call.aim.kind, call.query)
    rows = _after(call, listing.rows)
    bodies = None
    if not chosen.is_everything:
        rows, bodies = _selected(rows, chosen)
    rows, metadata = _page(call, rows, listing.revision, plain=chosen.is_everything)
    wanted = call.form.transform
    if not wanted:
        return _joined(call, b",".join([row.body for row in rows]), metadata)
    found = bodies[: len(rows)] if bodies is not None else [orjson.loads(row.body) for row in rows]
    if wanted == "Table":
        include = call.query.get("includeObject") or "Metadata"
        return ok(tables.table(kind, found, call.now, metadata, include=include))
    if wanted == "PartialObjectMetadataList":
        return ok(tables.partial_list(found, metadata))
    raise Status(406, "NotAcceptable", f"{wanted} cannot be made of a list")


def _joined(call: Call, bodies: bytes, metadata: Body) -> Answer:
    kind = call.aim.kind
    head = orjson.dumps({"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": metadata})
    return Answer(200, b"".join((head[:-1], b',"items":[', bodies, b"]}")))


def _selected(rows: Sequence[Row], chosen: Selection) -> tuple[Sequence[Row], list[Body]]:
    parsed = [(row, orjson.loads(row.body)) for row in rows]
    taken = [(row, body) for row, body in parsed if chosen.takes(body)]
    return [row for row, _ in taken], [body for _, body in taken]


def _check_version(call: Call, revision: int) -> None:
    asked = call.query.get("resourceVersion") or "0"
    number = whole_number(asked)
    if number is None or number < 0:
        raise Status.bad_request(f'invalid resource version "{asked}"')
    if number > revision:
        details = {"causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]}
        details["retryAfterSeconds"] = 1  # type: ignore[assignment]
        message = f"Too large resource version: {asked}, current: {revision}"
        raise Status(504, "Timeout", f"Timeout: {message}", details)


def _after(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows behind the last page."""
    token = call.query.get("continue")
    if not token:
        return rows
    try:
        at, namespace, name = orjson.loads(urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError):
        raise Status.bad_request("continue key is not valid") from None
    if (type(at), type(namespace), type(name)) != (int, str, str):
        raise Status.bad_request("continue key is not valid")
    if at < call.cluster.floor:
        raise Status(410, "Expired", TOO_OLD)
    return [row for row in rows if (row.namespace, row.name) > (namespace, name)]


def _page(call: Call, rows: Sequence[Row], revision: int, *, plain: bool) -> tuple[Sequence[Row], Body]:
    most = max(0, whole_number(call.query.get("limit") or "0") or 0)
    metadata: Body = {"resourceVersion": str(revision)}
    if not most or len(rows) <= most:
        return rows, metadata
    last = rows[most - 1]
    token = urlsafe_b64encode(orjson.dumps([revision, last.namespace, last.name])).decode()
    metadata["continue"] = token
    if plain:
        metadata["remainingItemCount"] = len(rows) - most
    return rows[:most], metadata
