"""Sets of fields as `metadata.managedFields` writes them (structured-merge-diff: fieldpath).

A path is a tuple of steps: `f:name` a field, `k:{"name":"web"}` an item of a list by its keys, `v:"x"` a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import orjson

from clusters.kinds.body import Body
from clusters.kinds.schema import Shape

Path = tuple[str, ...]
ITEM = object()  # the value of a path that stands for a list's item as such
KEY_DEFAULTS = {"protocol": "TCP"}
# what the server alone writes belongs to nobody
UNOWNED = {
    *(("f:apiVersion",), ("f:kind",)),
    *(("f:metadata", f"f:{name}") for name in ("name", "namespace", "uid", "resourceVersion", "generation")),
    *(("f:metadata", f"f:{name}") for name in ("creationTimestamp", "selfLink", "managedFields")),
    *(("f:metadata", f"f:{name}") for name in ("deletionTimestamp", "deletionGracePeriodSeconds")),
}


def leaves(shape: Shape, body: Body) -> dict[Path, Any]:
    """Every field that somebody may own, with its value."""
    found = dict(_leaves(shape, body, ()))
    return {path: value for path, value in found.items() if path[:2] not in UNOWNED and path[:1] not in UNOWNED}


def is_granular(shape: Shape) -> bool:
    """Whether its parts have owners of their own."""
    if shape.type in ("object", "map"):
        return shape.map_type != "atomic"
    return shape.type == "array" and shape.list_type in ("set", "map")


def step_of(shape: Shape, item: Any) -> str:
    """The path step of a list's item."""
    if shape.list_type == "set":
        return f"v:{_json(item)}"
    keys = {name: item.get(name, KEY_DEFAULTS.get(name)) for name in sorted(shape.list_keys)}
    return f"k:{_json({name: value for name, value in keys.items() if value is not None})}"


def inner(shape: Shape, step: str) -> Shape:
    """The shape below a step."""
    if step.startswith("f:"):
        return shape.fields.get(step[2:]) or shape.items or _ANY
    return shape.items or _ANY


def encoded(paths: Iterable[Path]) -> Body:
    """FieldsV1."""
    root: Body = {}
    for path in sorted(paths):
        node = root
        for depth, step in enumerate(path):
            if depth and not node and path[:depth] in paths:
                node["."] = {}
            node = node.setdefault(step, {})
    return root


def decoded(fields: Body) -> set[Path]:
    """FieldsV1 back into paths; whatever is malformed is left out."""
    return set(_decoded(fields, ()))


def is_key(path: Path) -> bool:
    """Whether it is a field by which a list knows its item: it goes with the item, never before it."""
    return len(path) > 1 and path[-2].startswith("k:") and path[-1][2:] in _loaded(path[-2][2:])


def shown(path: Path) -> str:
    """`.spec.template.spec.containers[name="web"].image`."""
    return "".join(_shown(step) for step in path)


_ANY = Shape()


def _leaves(shape: Shape, value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not is_granular(shape) or not isinstance(value, dict | list) or (not value and path):
        yield path, value
    elif isinstance(value, dict):
        if shape.type == "map":
            yield path, ITEM
        for name, part in value.items():
            yield from _leaves(shape.fields.get(name) or shape.items or _ANY, part, (*path, f"f:{name}"))
    else:
        for item in value:
            place = (*path, step_of(shape, item))
            if shape.list_type == "map" and isinstance(item, dict):
                yield place, ITEM
                yield from _leaves(shape.items or _ANY, item, place)
            else:
                yield place, item


def _decoded(fields: Any, path: Path) -> Iterator[Path]:
    if not isinstance(fields, dict):
        return
    if path and (not fields or "." in fields):
        yield path
    for step, below in fields.items():
        if step != ".":
            yield from _decoded(below, (*path, step))


def _shown(step: str) -> str:
    kind, _, rest = step.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "v":
        return f"[={rest}]"
    keys = _loaded(rest)
    return "[" + ",".join(f"{name}={_json(value)}" for name, value in keys.items()) + "]"


@lru_cache(1024)
def _loaded(text: str) -> Body:
    found: Body = orjson.loads(text)
    return found


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
