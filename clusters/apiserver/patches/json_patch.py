"""JSON patch (RFC 6902): `application/json-patch+json`."""

from __future__ import annotations

from typing import Any

import jsonpatch
import jsonpointer

from clusters.kinds.body import Body
from clusters.kinds.problem import Status

MOST_OPERATIONS = 10_000
REJECTED = "the server rejected our request due to an error in our request"


def apply_json_patch(old: Body, patch: Any) -> Body:
    """Operations in order, all or none. Raises BadRequest for a malformed patch, Invalid where one does not fit."""
    if not isinstance(patch, list):
        raise Status.bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch")
    if len(patch) > MOST_OPERATIONS:
        limit = f"The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {len(patch)}"
        raise Status(413, "RequestEntityTooLarge", limit)
    try:
        found: Any = jsonpatch.apply_patch(old, patch)
    except jsonpatch.InvalidJsonPatch as error:
        raise Status.bad_request(f"error decoding patch: {error}") from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError, ValueError) as error:
        raise Status(422, "Invalid", REJECTED, {"causes": [{"message": str(error)}]}) from None
    if not isinstance(found, dict):
        raise Status(422, "Invalid", REJECTED)
    return found
