from __future__ import annotations

from clusters.apiserver.patches.strategic import apply_strategic
from clusters.kinds.body import Body
from clusters.kinds.schema import shape_of
from tests.clusters.apiserver.kinds import DEPLOYMENT, POD, SERVICE

SHAPE = shape_of(POD)


def pod(*containers: Body, **spec: object) -> Body:
    return {"metadata": {"name": "web"}, "spec": {"containers": list(containers), **spec}}


def containers(patched: Body) -> list[Body]:
    found: list[Body] = patched["spec"]["containers"]
    return found


def test_items_are_merged_by_their_key() -> None:
    old = pod({"name": "a", "image": "x"}, {"name": "b", "image": "y"})

    new = apply_strategic(old, {"spec": {"containers": [{"name": "b", "image": "z"}]}}, SHAPE)

    assert containers(new) == [{"name": "a", "image": "x"}, {"name": "b", "image": "z"}]
    assert containers(old)[1]["image"] == "y"


def test_a_directive_deletes_an_item() -> None:
    old = pod({"name": "a"}, {"name": "b"})

    new = apply_strategic(old, {"spec": {"containers": [{"name": "a", "$patch": "delete"}]}}, SHAPE)

    assert containers(new) == [{"name": "b"}]


def test_a_directive_replaces_a_list() -> None:
    old = pod({"name": "a"}, {"name": "b"})

    new = apply_strategic(old, {"spec": {"containers": [{"$patch": "replace"}, {"name": "c"}]}}, SHAPE)

    assert containers(new) == [{"name": "c"}]


def test_a_directive_replaces_a_map() -> None:
    old = pod(nodeSelector={"a": "1"})

    new = apply_strategic(old, {"spec": {"nodeSelector": {"$patch": "replace", "b": "2"}}}, SHAPE)

    assert new["spec"]["nodeSelector"] == {"b": "2"}


def test_keys_not_retained_go() -> None:
    shape = shape_of(DEPLOYMENT)
    old = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}

    new = apply_strategic(old, {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate"}}}, shape)

    assert new["spec"]["strategy"] == {"type": "Recreate"}


def test_plain_lists_grow_and_shrink_by_value() -> None:
    old: Body = {"metadata": {"finalizers": ["a", "b"]}}

    grown = apply_strategic(old, {"metadata": {"finalizers": ["c", "a"]}}, SHAPE)
    shrunk = apply_strategic(old, {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}}, SHAPE)

    assert grown["metadata"]["finalizers"] == ["a", "b", "c"]
    assert shrunk["metadata"]["finalizers"] == ["b"]


def test_the_writers_order_is_kept_and_what_only_the_server_has_comes_before_what_is_new() -> None:
    old = pod({"name": "a"}, {"name": "b"}, {"name": "server"})
    order = [{"name": "b"}, {"name": "new"}, {"name": "a"}]
    patch = {"spec": {"$setElementOrder/containers": order, "containers": [{"name": "new"}]}}

    new = apply_strategic(old, patch, SHAPE)

    assert [one["name"] for one in containers(new)] == ["b", "server", "new", "a"]


def test_a_null_removes() -> None:
    new = apply_strategic({"metadata": {"labels": {"a": "1", "b": "2"}}}, {"metadata": {"labels": {"a": None}}}, SHAPE)

    assert new["metadata"]["labels"] == {"b": "2"}


def test_ports_are_merged_by_number() -> None:
    old = {"spec": {"ports": [{"port": 80, "name": "web"}, {"port": 443}]}}

    new = apply_strategic(old, {"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}, shape_of(SERVICE))

    assert new["spec"]["ports"] == [{"port": 80, "name": "web", "targetPort": 8080}, {"port": 443}]


def test_lists_without_a_key_are_replaced() -> None:
    old = pod({"name": "a", "args": ["x", "y"]})

    new = apply_strategic(old, {"spec": {"containers": [{"name": "a", "args": ["z"]}]}}, SHAPE)

    assert containers(new)[0]["args"] == ["z"]
