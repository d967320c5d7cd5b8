"""An object as plain JSON data, read and changed without ever touching what somebody else holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Body = dict[str, Any]


class Key(NamedTuple):
    """Where an object lives; `namespace` is "" for what belongs to the whole cluster."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


def key_of(body: Body) -> Key:
    """The key in the object's own metadata."""
    metadata = body["metadata"]
    # made for every change by whoever is told of it: the named tuple's own constructor takes twice as long
    return tuple.__new__(Key, (metadata.get("namespace") or "", metadata["name"]))


def uid_of(body: Body) -> str:
    """`metadata.uid`."""
    return str(body["metadata"]["uid"])


def revision_of(body: Body) -> int:
    """`metadata.resourceVersion` as a number; 0 for what was never written."""
    return int(body["metadata"].get("resourceVersion") or 0)


def is_deleting(body: Body) -> bool:
    """Somebody asked for its deletion (`metadata.deletionTimestamp`)."""
    return bool(body["metadata"].get("deletionTimestamp"))


def dig(body: Any, path: str, default: Any = None) -> Any:
    """The value at a dotted path (`spec.replicas`, `spec.containers.0.image`), or `default` where there is none."""
    for step in path.split("."):
        if isinstance(body, dict):
            body = body.get(step)
        elif isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        else:
            return default
        if body is None:
            return default
    return body


def put(body: Body, path: str, value: Any) -> Body:
    """A copy with `value` at the dotted path; all that is not on the way is shared with the original."""
    step, _, rest = path.partition(".")
    inner = put(body.get(step) or {}, rest, value) if rest else value
    return {**body, step: inner}


def without(body: Body, path: str) -> Body:
    """A copy that lacks the field at the dotted path; the original itself when it was not there."""
    step, _, rest = path.partition(".")
    if not isinstance(body, dict) or step not in body:
        return body
    if not rest:
        return {name: value for name, value in body.items() if name != step}
    return {**body, step: without(body[step], rest)}


def labels_of(body: Body) -> Mapping[str, str]:
    """`metadata.labels`, empty where there are none."""
    return body["metadata"].get("labels") or {}


def annotations_of(body: Body) -> Mapping[str, str]:
    """`metadata.annotations`, empty where there are none."""
    return body["metadata"].get("annotations") or {}


def controller_of(body: Body) -> Body | None:
    """The owner reference with `controller: true` (Kubernetes: Owners and Dependents)."""
    owner: Body
    for owner in body["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return owner
    return None


def owner_reference(owner: Body, *, controller: bool = True) -> Body:
    """The reference which a controller writes into what it makes."""
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": uid_of(owner),
    }
    return {**reference, "controller": True, "blockOwnerDeletion": True} if controller else reference
