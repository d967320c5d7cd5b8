"""A JSON patch cannot make more of an object than was sent."""

from __future__ import annotations

import pytest

from clusters.apiserver.patches.json_patch import apply_json_patch
from clusters.kinds.problem import Status

OLD = {"metadata": {"name": "web"}, "data": {"a": "x" * 1000}}


def test_operations_are_carried_out_in_order() -> None:
    patch = [{"op": "copy", "from": "/data/a", "path": "/data/b"}, {"op": "remove", "path": "/data/a"}]

    assert apply_json_patch(OLD, patch)["data"] == {"b": "x" * 1000}
    assert "a" in OLD["data"]


def test_copies_that_double_the_object_again_and_again_are_refused() -> None:
    patch = [{"op": "copy", "from": "/data", "path": f"/data/c{i}"} for i in range(40)]

    with pytest.raises(Status) as refused:
        apply_json_patch(OLD, patch)

    assert (refused.value.code, refused.value.reason) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize(
    "operation", [{"op": "copy", "from": "/zz", "path": "/a"}, {"op": "copy", "path": "/a"}, {}, 5]
)
def test_an_operation_that_does_not_fit_is_refused(operation: object) -> None:
    with pytest.raises(Status) as refused:
        apply_json_patch(OLD, [operation])

    assert refused.value.code in (400, 422)


def test_of_an_operation_that_does_not_fit_no_more_is_said_than_by_the_api_server() -> None:
    with pytest.raises(Status) as refused:
        apply_json_patch(OLD, [{"op": "remove", "path": "/data/zz"}])

    body = refused.value.body()
    assert body["message"] == "the server rejected our request due to an error in our request"
    assert "causes" not in (body.get("details") or {})
