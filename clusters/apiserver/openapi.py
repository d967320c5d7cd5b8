"""`/openapi/v3`: paths generated from the kinds, definitions rewritten to what a real server publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha512
from typing import Any

import orjson

from clusters.apiserver.discovery import Kinds, group_versions, served, verbs_of
from clusters.apiserver.target import SUBRESOURCES
from clusters.apiserver.version import GIT_VERSION
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind
from clusters.kinds.schema import META, REF, definition_names, definitions

TARGET = "#/components/schemas/"
SPECIAL: Mapping[str, Body] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"oneOf": [{"type": "string"}, {"type": "number"}]},
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
        "format": "int-or-string",
        "oneOf": [{"type": "integer"}, {"type": "string"}],
    },
}
JSON_PATCH, MERGE, STRATEGIC, APPLY = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)
QUERIES = {
    "create": ("dryRun", "fieldManager", "fieldValidation"),
    "update": ("dryRun", "fieldManager", "fieldValidation"),
    "patch": ("dryRun", "fieldManager", "fieldValidation", "force"),
    "delete": ("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"),
    "list": ("allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "watch"),
}
QUERIES["deletecollection"] = (*QUERIES["delete"], "fieldSelector", "labelSelector")
METHODS = {"get": "get", "list": "get", "create": "post", "update": "put", "patch": "patch"} | {
    "delete": "delete",
    "deletecollection": "delete",
}
ACTIONS = {"update": "put", "create": "post"}
Schemas = dict[str, Body]
_documents: dict[tuple[int, str], bytes] = {}


def root(kinds: Kinds) -> Body:
    """The list of documents, each with the hash of what it says."""
    paths = {}
    for version in group_versions(kinds):
        place = place_of(version)
        digest = sha512(document(kinds, version)).hexdigest().upper()
        paths[place] = {"serverRelativeURL": f"/openapi/v3/{place}?hash={digest}"}
    return {"paths": paths}


def place_of(api_version: str) -> str:
    """`api/v1`, `apis/apps/v1`."""
    return f"apis/{api_version}" if "/" in api_version else f"api/{api_version}"


def document(kinds: Kinds, api_version: str) -> bytes:
    """One group version's document; made once a process."""
    known = (id(kinds), api_version)
    if known not in _documents:
        _documents[known] = orjson.dumps(_document(kinds, api_version))
    return _documents[known]


def _document(kinds: Kinds, api_version: str) -> Body:
    found = [kind for kind in served(kinds) if kind.api_version == api_version]
    paths: Body = {}
    for kind in found:
        paths.update(_paths(kind))
    schemas: Schemas = {}
    for name in (META + "Status", META + "DeleteOptions", META + "Patch"):
        _collect(name, schemas)
    for kind in found:
        _own(kind, schemas)
        for subresource in kind.subresources:
            spoken = SUBRESOURCES[subresource][1] if subresource in SUBRESOURCES else None
            if (
                spoken and spoken in definition_names()
            ):  # what is said in the query alone (PodExecOptions) has no definition
                _collect(definition_names()[spoken], schemas)
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": GIT_VERSION},
        "paths": paths,
        "components": {"schemas": schemas},
    }


# paths


def _paths(kind: Kind) -> Iterator[tuple[str, Body]]:
    root_ = f"/{place_of(kind.api_version)}"
    inside = f"{root_}/namespaces/{{namespace}}" if kind.namespaced else root_
    verbs = verbs_of(kind)
    collection = [verb for verb in ("list", "create", "deletecollection") if verb in verbs]
    single = [verb for verb in ("get", "update", "patch", "delete") if verb in verbs]
    yield f"{inside}/{kind.plural}", _item(kind, collection, inside)
    if kind.namespaced:
        yield f"{root_}/{kind.plural}", _item(kind, [verb for verb in ("list",) if verb in verbs], root_)
    if single:
        yield f"{inside}/{kind.plural}/{{name}}", _item(kind, single, f"{inside}/{{name}}")
    for name in sorted(kind.subresources):
        if name in SUBRESOURCES:
            operations, spoken = SUBRESOURCES[name]
            place = f"{inside}/{{name}}/{name}"
            yield f"{inside}/{kind.plural}/{{name}}/{name}", _item(kind, operations, place, spoken)


def _item(kind: Kind, verbs: Sequence[str], place: str, spoken: tuple[str, str] | None = None) -> Body:
    named = [part for part in ("namespace", "name") if f"{{{part}}}" in place]
    parameters = [_parameter(name, "path") for name in named] + [_parameter("pretty", "query")]
    return {**{METHODS[verb]: _operation(kind, verb, spoken) for verb in verbs}, "parameters": parameters}


def _operation(kind: Kind, verb: str, spoken: tuple[str, str] | None) -> Body:
    api_version, told = spoken or (kind.api_version, kind.kind)
    group, _, version = api_version.rpartition("/")
    name = _schema_name(kind) if spoken is None else definition_names().get(spoken, META + "Status")
    answer = f"{name}List" if verb == "list" else META + "Status" if verb.startswith("delete") else name
    operation: Body = {
        "tags": [(kind.group.partition(".")[0] or "core") + f"_{kind.version}"],
        "operationId": f"{verb}{kind.kind}{told if spoken else ''}",
        "parameters": [_parameter(one, "query") for one in QUERIES.get(verb, ())],
        "responses": {"200": _content(answer), "401": {"description": "Unauthorized"}},
        "x-kubernetes-action": ACTIONS.get(verb, verb),
        "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": told},
    }
    if verb == "patch":
        types = [JSON_PATCH, MERGE, APPLY, *([] if kind.schema else [STRATEGIC])]
        schema = {"$ref": f"{TARGET}{META}Patch"}
        operation["requestBody"] = {"content": {one: {"schema": schema} for one in types}, "required": True}
    elif verb in ("create", "update"):
        operation["requestBody"] = {"content": {"*/*": {"schema": {"$ref": TARGET + name}}}, "required": True}
    return operation


def _content(name: str) -> Body:
    return {"description": "OK", "content": {"application/json": {"schema": {"$ref": TARGET + name}}}}


def _parameter(name: str, where: str) -> Body:
    types = {"limit": "integer", "gracePeriodSeconds": "integer", "force": "boolean", "orphanDependents": "boolean"}
    types |= {"watch": "boolean", "allowWatchBookmarks": "boolean"}
    schema = {"type": types.get(name, "string"), "uniqueItems": True}
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "schema": schema, **required}


# definitions


def _schema_name(kind: Kind) -> str:
    if kind.schema is None:
        return definition_names()[kind.api_version, kind.kind]
    return ".".join([*reversed(kind.group.split(".")), kind.version, kind.kind])


def _own(kind: Kind, schemas: Schemas) -> None:
    name = _schema_name(kind)
    if kind.schema is None:
        _collect(name, schemas)
        _collect(f"{name}List", schemas)
        return
    _collect(META + "ObjectMeta", schemas)
    _collect(META + "ListMeta", schemas)
    text = {"type": "string"}
    own = _rewritten(dict(kind.schema))
    metadata = {"$ref": f"{TARGET}{META}ObjectMeta"}
    own["properties"] = {"apiVersion": text, "kind": text, "metadata": metadata, **(own.get("properties") or {})}
    for reference in _references(own):
        _collect(reference, schemas)
    marks = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    schemas[name] = {"type": "object", **own, "x-kubernetes-group-version-kind": [marks]}
    items = {"type": "array", "items": {"$ref": TARGET + name}}
    listed = {"apiVersion": text, "kind": text, "metadata": {"$ref": f"{TARGET}{META}ListMeta"}, "items": items}
    marks = {**marks, "kind": f"{kind.kind}List"}
    listing = {"type": "object", "required": ["items"], "properties": listed}
    schemas[f"{name}List"] = {**listing, "x-kubernetes-group-version-kind": [marks]}


def _collect(name: str, schemas: Schemas) -> None:
    """The definition and all that it names."""
    if name in schemas or name not in definitions():
        return
    schemas[name] = {}
    schema = SPECIAL.get(name) or _rewritten(definitions()[name])
    schemas[name] = {**schema, **({"description": d} if (d := definitions()[name].get("description")) else {})}
    for inner in _references(schema):
        _collect(inner, schemas)


def _rewritten(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_rewritten(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        reference = {"$ref": schema["$ref"].replace(REF, TARGET)}
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return {**beside, "allOf": [reference], "default": {}} if beside else reference
    found = {name: _rewritten(value) for name, value in schema.items()}
    if isinstance(schema.get("type"), list):
        found["type"] = next(one for one in schema["type"] if one != "null")
    if "properties" in schema:
        found["properties"] = {name: _field(name, one) for name, one in schema["properties"].items()}
    return found


def _field(name: str, schema: Body) -> Any:
    found = _rewritten(schema)
    return {k: v for k, v in found.items() if k != "enum"} if name in ("apiVersion", "kind") else found


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, value in schema.items():
            if name == "$ref":
                yield value.removeprefix(TARGET)
            else:
                yield from _references(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from _references(one)
