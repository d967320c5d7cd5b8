"""JSON patch (RFC 6902): `application/json-patch+json`."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import jsonpatch
import jsonpointer
import orjson

from clusters.kinds.body import Body
from clusters.kinds.problem import Status

MOST_OPERATIONS = 10_000
MOST_COPIED = 3 * 1024 * 1024  # bytes
UNFIT = (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException)
REJECTED = "the server rejected our request due to an error in our request"


def apply_json_patch(old: Body, patch: Any) -> Body:
    """Operations in order, all or none. Raises BadRequest for a malformed patch, Invalid where one does not fit."""
    if not isinstance(patch, list):
        raise Status.bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    if len(patch) > MOST_OPERATIONS:
        limit = f"The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {len(patch)}"
        raise Status(413, "RequestEntityTooLarge", limit)
    try:
        jsonpatch.JsonPatch(patch)  # malformed as a whole, before any of it is done
        found: Any = _applied(old, patch)
    except jsonpatch.InvalidJsonPatch as error:
        raise Status.bad_request(f"error decoding patch: {error}") from None
    except (*UNFIT, TypeError, ValueError, RecursionError):
        raise Status(422, "Invalid", REJECTED) from None
    if not isinstance(found, dict):
        raise Status(422, "Invalid", REJECTED)
    return found


def _applied(old: Body, patch: list[Any]) -> Any:
    """Each copy may double the object: what they copy together has a limit. Raises RequestEntityTooLarge."""
    found: Any = deepcopy(old)
    copied = 0
    for operation in patch:
        if operation["op"] == "copy" and isinstance(operation.get("from"), str):
            copied += len(orjson.dumps(jsonpointer.resolve_pointer(found, operation["from"])))
        if copied > MOST_COPIED:
            limit = f"Unable to complete the copy, the accumulated size increase of copy is {copied}, "
            raise Status(413, "RequestEntityTooLarge", f"{limit}exceeding the limit {MOST_COPIED}")
        found = jsonpatch.JsonPatch([operation]).apply(found, in_place=True)
    return found
