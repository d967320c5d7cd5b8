"""The official definitions as shapes: what may stand in a field, how it is patched, which fields are a list's keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from clusters.kinds.kind import Kind

MINOR = "1.34"
REF = "#/$defs/"
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
GO_SCALARS = {"string": "string", "boolean": "bool", "number": "float64"}
WRAPPED = {  # types with a decoder of their own
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    META + "Time": "time",
    META + "MicroTime": "time",
}
# required by the definitions, and filled in by the API server before it looks
FILLED_IN = {"v1.PodFailurePolicyOnPodConditionsPattern": ("status",)}


@dataclass(slots=True)
class Shape:
    """What may stand in one place. Shapes of definitions are shared and may be recursive."""

    type: str = "any"  # object, map, array, string, integer, number, boolean, quantity, int-or-string, time, bytes, any
    go: str = "interface {}"  # as encoding/json names the type
    struct: str = ""
    fields: dict[str, Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    items: Shape | None = None  # of an array, or of a map's values
    format: str = ""
    enum: tuple[Any, ...] = ()
    patch: str = ""  # x-kubernetes-patch-strategy
    merge_key: str = ""
    list_type: str = ""  # atomic, set, map
    list_keys: tuple[str, ...] = ()
    map_type: str = ""  # atomic, granular
    declared: bool = False  # by a kind's own schema: wrong types are Invalid, as for custom resources


@cache
def definitions() -> Mapping[str, Any]:
    """Every official definition of this minor version by its full name."""
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{MINOR}.0-local"
    found: Mapping[str, Any] = orjson.loads((folder / "_definitions.json").read_bytes())["$defs"]
    return found


@cache
def definition_names() -> Mapping[tuple[str, str], str]:
    """(apiVersion, kind) to the definition's name; kinds that every group shares are left out."""
    found = {}
    for name, schema in definitions().items():
        known = schema.get("x-kubernetes-group-version-kind") or []
        if len(known) == 1:
            group, version = known[0]["group"], known[0]["version"]
            found[f"{group}/{version}" if group else version, known[0]["kind"]] = name
    return found


@cache
def shape_named(name: str) -> Shape:
    """The shape of a definition, e.g. of DeleteOptions."""
    return _Compiler.shared.named(name)


_own_shapes: dict[tuple[str, str], Shape] = {}


def shape_of(kind: Kind) -> Shape:
    """The shape of a whole object of this kind."""
    place = (kind.api_version, kind.kind)
    found = _own_shapes.get(place)
    if found is None:
        if kind.schema is None:
            found = shape_named(definition_names()[place])
        else:
            found = _Compiler.shared.declared(kind.kind, kind.schema)
        _own_shapes[place] = found
    return found


class _Compiler:
    """Turns schemas into shapes; a definition's shape is made once, before its fields, so that it may name itself."""

    shared: _Compiler

    def __init__(self) -> None:
        self._named: dict[str, Shape] = {}

    def named(self, name: str) -> Shape:
        if name not in self._named:
            shape = self._named[name] = Shape()
            schema = definitions()[name]
            if name in WRAPPED:
                shape.type, shape.go = WRAPPED[name], _go_name(name)
            else:
                self._fill(shape, schema, _go_name(name))
        return self._named[name]

    def declared(self, name: str, schema: Mapping[str, Any]) -> Shape:
        """A kind's own schema; what every object has need not stand in it."""
        shape = Shape()
        self._fill(shape, schema, name)
        text = {"type": "string"}
        shape.fields = {"apiVersion": self.shape(text), "kind": self.shape(text), **shape.fields}
        shape.fields["metadata"] = self.named(META + "ObjectMeta")
        _declare(shape)
        return shape

    def shape(self, schema: Mapping[str, Any]) -> Shape:
        """The shape of a property: a reference takes over what stands beside it."""
        reference = schema.get("$ref")
        if not reference:
            shape = Shape()
            self._fill(shape, schema, "")
            return shape
        target = self.named(reference.removeprefix(REF))
        if "x-kubernetes-patch-strategy" not in schema and "x-kubernetes-map-type" not in schema:
            return target
        return _Reference(target, schema)

    def _fill(self, shape: Shape, schema: Mapping[str, Any], name: str) -> None:
        types = schema.get("type")
        main = types if isinstance(types, str) else next((t for t in types or () if t != "null"), "any")
        shape.type, shape.format = main, schema.get("format") or ""
        shape.enum = tuple(schema.get("enum") or ())
        shape.required = tuple(one for one in schema.get("required") or () if one not in FILLED_IN.get(name, ()))
        _mark(shape, schema)
        if main == "object":
            self._object(shape, schema, name)
        elif main == "array":
            shape.items = self.shape(schema.get("items") or {})
            shape.go = f"[]{shape.items.go}"
        elif main == "integer":
            shape.go = shape.format or "int64"
        elif shape.format == "byte":
            shape.type, shape.go = "bytes", "[]uint8"
        else:
            shape.go = GO_SCALARS.get(main, "interface {}")

    def _object(self, shape: Shape, schema: Mapping[str, Any], name: str) -> None:
        extra = schema.get("additionalProperties")
        if "properties" in schema:
            shape.struct, shape.go = name.rpartition(".")[2], name or "map[string]interface {}"
            for key, inner in schema["properties"].items():
                shape.fields[key] = self.shape(inner)
        elif isinstance(extra, Mapping):
            shape.type, shape.items = "map", self.shape(extra)
            shape.go = f"map[string]{shape.items.go}"
        elif name.endswith("FieldsV1") or extra or "properties" not in schema:
            shape.type = "any"


class _Reference(Shape):
    """A shared shape under other marks. It reads the target when asked, which may not be filled yet."""

    def __init__(self, target: Shape, schema: Mapping[str, Any]) -> None:
        self._target = target
        self.patch = schema.get("x-kubernetes-patch-strategy") or ""
        self.map_type = schema.get("x-kubernetes-map-type") or target.map_type

    def __getattr__(self, name: str) -> Any:
        if name == "_target":
            raise AttributeError(name)
        return getattr(self._target, name)


_Compiler.shared = _Compiler()


def _mark(shape: Shape, schema: Mapping[str, Any]) -> None:
    shape.patch = schema.get("x-kubernetes-patch-strategy") or ""
    shape.merge_key = schema.get("x-kubernetes-patch-merge-key") or ""
    shape.list_type = schema.get("x-kubernetes-list-type") or ""
    shape.list_keys = tuple(schema.get("x-kubernetes-list-map-keys") or ())
    shape.map_type = schema.get("x-kubernetes-map-type") or ""


def _declare(shape: Shape) -> None:
    shape.declared = True
    for name, inner in shape.fields.items():
        if name != "metadata":
            _declare(inner)
    if shape.items:
        _declare(shape.items)


def _go_name(name: str) -> str:
    """`io.k8s.api.core.v1.Container` is `v1.Container` to Go."""
    return ".".join(name.split(".")[-2:])
