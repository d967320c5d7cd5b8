"""Strategic merge patch: `application/strategic-merge-patch+json` (apimachinery: strategicpatch).

Lists are merged by the key that the definitions name. Directives in the patch: `$patch` (replace, delete, merge),
`$retainKeys`, `$deleteFromPrimitiveList/<list>` and `$setElementOrder/<list>`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import orjson

from clusters.apiserver.patches.ordering import interleaved
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.kinds.schema import Shape

DIRECTIVE, RETAIN = "$patch", "$retainKeys"
REMOVE, ORDER = "$deleteFromPrimitiveList/", "$setElementOrder/"
NOTHING = Shape()


def apply_strategic(old: Body, patch: Any, shape: Shape) -> Body:
    """The object of this shape after the patch. Raises BadRequest for a patch that makes no sense."""
    if not isinstance(patch, dict):
        raise Status.bad_request("json: cannot unmarshal patch into Go value of type map[string]interface {}")
    return _map(shape, old, patch)


def _map(shape: Shape, old: Body, patch: Body) -> Body:
    directive = patch.get(DIRECTIVE)
    if directive == "delete":
        return {}
    if directive == "replace":
        return {name: _plain(value) for name, value in patch.items() if not name.startswith("$")}
    if directive not in (None, "merge"):
        raise Status.bad_request(f"unknown patch type {directive} found")
    found = _retained(old, patch.get(RETAIN))
    for name, value in patch.items():
        if name.startswith(REMOVE):
            found = _without_values(found, name.removeprefix(REMOVE), value)
    for name, value in patch.items():
        if name.startswith("$"):
            continue
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _value(_inner(shape, name), found.get(name), value, patch.get(ORDER + name))
    return _reordered(shape, found, patch)


def _inner(shape: Shape, name: str) -> Shape:
    return shape.fields.get(name) or shape.items or NOTHING if shape.type in ("object", "map") else NOTHING


def _value(shape: Shape, old: Any, value: Any, order: Any) -> Any:
    strategies = shape.patch.split(",")
    if isinstance(value, dict):
        return _plain(value) if "replace" in strategies else _map(shape, old if isinstance(old, dict) else {}, value)
    if isinstance(value, list) and "merge" in strategies:
        return _list(shape, old if isinstance(old, list) else [], value, order)
    return _plain(value)


def _list(shape: Shape, old: list[Any], patch: list[Any], order: Any) -> list[Any]:
    if not shape.merge_key:
        items = {_mark(value, ""): value for value in [*old, *patch]}
        wanted = order if isinstance(order, list) else [*old, *patch]
        return interleaved(items, [_mark(value, "") for value in old], [_mark(value, "") for value in wanted])
    if any(isinstance(item, dict) and item.get(DIRECTIVE) == "replace" for item in patch):
        return [_plain(i) for i in patch if not isinstance(i, dict) or i.get(DIRECTIVE) != "replace"]
    return _by_key(shape, old, patch, order)


def _by_key(shape: Shape, old: list[Any], patch: list[Any], order: Any) -> list[Any]:
    key, inner = shape.merge_key, shape.items or NOTHING
    items: dict[Hashable, Any] = {_mark(item, key): item for item in old}
    server = list(items)
    for item in patch:
        if not isinstance(item, dict) or key not in item:
            shown = orjson.dumps(item).decode()
            raise Status.bad_request(f"map: {shown} does not contain declared merge key: {key}")
        mark = _mark(item, key)
        if item.get(DIRECTIVE) == "delete":
            items.pop(mark, None)
        else:
            items[mark] = _map(inner, items.get(mark) or {}, item)
    wanted = _marks(order, key) if isinstance(order, list) else list(items)
    return interleaved(items, server, wanted)


def _reordered(shape: Shape, found: Body, patch: Body) -> Body:
    """Orders that were given for lists which the patch itself does not change."""
    for name, order in patch.items():
        target = name.removeprefix(ORDER)
        if name.startswith(ORDER) and target not in patch and isinstance(found.get(target), list):
            key = _inner(shape, target).merge_key
            items = {_mark(item, key): item for item in found[target]}
            found[target] = interleaved(items, list(items), _marks(order, key))
    return found


def _marks(order: Any, key: str) -> Sequence[Hashable]:
    return [_mark(item, key) for item in order] if isinstance(order, list) else ()


def _mark(item: Any, key: str) -> Hashable:
    value = item.get(key) if isinstance(item, dict) and key else item
    return orjson.dumps(value) if isinstance(value, dict | list) else value


def _retained(old: Body, keys: Any) -> Body:
    return dict(old) if not isinstance(keys, list) else {name: old[name] for name in old if name in keys}


def _without_values(found: Body, name: str, values: Any) -> Body:
    if isinstance(found.get(name), list) and isinstance(values, list):
        return {**found, name: [value for value in found[name] if value not in values]}
    return found


def _plain(value: Any) -> Any:
    """What a patch adds, without directives and without nulls."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if v is not None and not k.startswith("$")}
    if isinstance(value, list):
        return [_plain(v) for v in value if not (isinstance(v, dict) and v.get(DIRECTIVE) == "delete")]
    return value
