"""What the API server does with a write before it is stored: metadata, defaults, admission, validation, deletion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from clusters.admission.step import Step
from clusters.kinds.body import Body, Key, dig, is_deleting, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.clock import SECOND, rfc3339
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Update

ADDED, MODIFIED, DELETED = "ADDED", "MODIFIED", "DELETED"
NESTED = (dict, list)  # what JSON data has inside of itself
# finalizers by which the garbage collector is asked for another order than background
PROPAGATION = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}
# what no writer may change in metadata
FIXED = (
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "namespace",
    "name",
)


class Change(NamedTuple):
    """What a write does to one object. `new` is the object after it, for DELETED the last state that it had."""

    op: str
    kind: Kind
    key: Key
    new: Body
    old: Body | None


def apply(write: Create | Update | Delete, view: View, steps: Sequence[Step]) -> Change | Status | None:
    """The change which the write makes, the Status that refuses it, or None where it changes nothing."""
    if isinstance(write, Create):
        return create(write, view, steps)
    if isinstance(write, Update):
        return update(write, view, steps)
    return delete(write, view, steps)


def create(write: Create, view: View, steps: Sequence[Step]) -> Change | Status:
    """A new object, or AlreadyExists, Invalid, or what an admission step says."""
    kind = view.kinds[write.resource]
    body = _named(fresh(write.body), kind, view)
    key = key_of(body)
    if view.get(kind.plural, key) is not None:
        return Status.already_exists(kind.resource, key.name)
    body = _stamped(body, kind, view)
    if not kind.served:
        return Change(ADDED, kind, key, body, None)
    kind.defaults(body)
    admitted = admit(body, None, kind, "CREATE", view, steps)
    if isinstance(admitted, Status):
        return admitted
    if admitted is not body:
        kind.defaults(admitted)  # what a step filled in has its own consequences: a pod's quality of service
    refused = _refusal(admitted, kind.validate(admitted, None), kind)
    return refused or Change(ADDED, kind, key, admitted, None)


def update(write: Update, view: View, steps: Sequence[Step]) -> Change | Status | None:
    """The object changed, or NotFound, Conflict (an old resourceVersion), Invalid; removal when it was only held."""
    kind = view.kinds[write.resource]
    key = key_of(write.body)
    old = view.get(kind.plural, key)
    if old is None:
        return Status.not_found(kind.resource, key.name)
    if not kind.served:
        return None if write.body == old else Change(MODIFIED, kind, key, write.body, old)
    read = write.body["metadata"].get("resourceVersion")
    if read and read != old["metadata"]["resourceVersion"]:
        return Status.conflict(kind.resource, key.name)
    new: Body | Status = _changed(write, old, kind)
    if not isinstance(new, Status) and write.subresource != "status":
        new = _checked(write, new, old, kind, view, steps)
    if isinstance(new, Status):
        return new
    if new == old:
        return None
    if is_deleting(new) and not held(new) and not new["metadata"].get("deletionGracePeriodSeconds"):
        return Change(DELETED, kind, key, new, old)
    return Change(MODIFIED, kind, key, new, old)


def delete(write: Delete, view: View, steps: Sequence[Step]) -> Change | Status | None:
    """Removal at once, or the mark that a kubelet or finalizers wait for (Kubernetes: Finalizers, pod termination)."""
    kind = view.kinds[write.resource]
    key = key_of(write.body)
    old = view.get(kind.plural, key)
    if old is None:
        return Status.not_found(kind.resource, key.name)
    refused = admit(None, old, kind, "DELETE", view, steps) if kind.served else None
    if isinstance(refused, Status):
        return refused
    propagation = write.propagation or ("" if is_deleting(old) else kind.default_propagation)
    marked = _marked(old, kind, write.grace, propagation, view)
    if not held(marked) and not marked["metadata"].get("deletionGracePeriodSeconds"):
        return Change(DELETED, kind, key, marked, old)
    return None if marked == old else Change(MODIFIED, kind, key, marked, old)


def admit(
    new: Body | None, old: Body | None, kind: Kind, operation: str, view: View, steps: Sequence[Step]
) -> Body | Any:
    """Each step in order; the first refusal ends it. For a deletion there is no object to give back."""
    for step in steps:
        if operation in step.operations and (kind.plural in step.resources or "*" in step.resources):
            answer = step.admit(new, old, view)
            if isinstance(answer, Status):
                return answer
            new = answer if answer is not None else new
    return new


def held(body: Body) -> Sequence[str]:
    """Finalizers that still stand, a Namespace's own in `spec.finalizers` among them."""
    return [*(body["metadata"].get("finalizers") or ()), *(dig(body, "spec.finalizers") or ())]


def fresh(value: Any) -> Any:
    """A copy to the bottom of JSON data. Texts are shared: a Deployment's pods have most of them in common."""
    if isinstance(value, dict):
        return {name: fresh(inner) if isinstance(inner, NESTED) else inner for name, inner in value.items()}
    if isinstance(value, list):
        return [fresh(inner) if isinstance(inner, NESTED) else inner for inner in value]
    return value


def _named(body: Body, kind: Kind, view: View) -> Body:
    metadata = body.setdefault("metadata", {})
    if not kind.namespaced:
        metadata.pop("namespace", None)
    prefix = metadata.get("generateName")
    while prefix and not metadata.get("name"):
        name = prefix[:58] + view.random.suffix()
        if view.get(kind.plural, Key(metadata.get("namespace") or "", name)) is None:
            metadata["name"] = name
    return body


def _stamped(body: Body, kind: Kind, view: View) -> Body:
    metadata = {name: value for name, value in body["metadata"].items() if name not in (*FIXED, "resourceVersion")}
    given = {name: body["metadata"][name] for name in ("name", "namespace") if body["metadata"].get(name)}
    generation = {"generation": 1} if kind.generation else {}
    stamps = {"uid": view.random.uid(), "creationTimestamp": rfc3339(view.now), **generation}
    return {**body, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": {**given, **metadata, **stamps}}


def _changed(write: Update, old: Body, kind: Kind) -> Body | Status:
    body = write.body
    fixed = {name: old["metadata"][name] for name in FIXED if name in old["metadata"]}
    loose = {name: value for name, value in body["metadata"].items() if name not in FIXED}
    uid = body["metadata"].get("uid")
    if uid and uid != fixed["uid"]:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {fixed['uid']}"
        return Status.conflict(kind.resource, fixed["name"], why)
    metadata = {**fixed, **loose, "resourceVersion": old["metadata"]["resourceVersion"]}
    if write.subresource == "status":
        managed = body["metadata"].get("managedFields")
        kept = {**old["metadata"], "managedFields": managed} if managed is not None else old["metadata"]
        return {**old, "metadata": kept, "status": body.get("status") or {}}
    return {**body, "apiVersion": kind.api_version, "kind": kind.kind, "metadata": metadata}


def _checked(write: Update, new: Body, old: Body, kind: Kind, view: View, steps: Sequence[Step]) -> Body | Status:
    part = kind.parts.get(write.subresource)
    if write.subresource == "" or part:
        new = fresh(new)
        kind.defaults(new)
        new = part.protect(new, old) if part else kind.protect(new, old)
        admitted: Body | Status = admit(new, old, kind, "UPDATE", view, steps)
        if isinstance(admitted, Status):
            return admitted
        new = admitted
        if new == old:
            return old
        errors = part.validate(new, old) if part else kind.validate(new, old)
        refused = _refusal(new, errors, kind)
        if refused:
            return refused
    # a binding is no change of what is wanted: it goes past the strategy that counts
    return _counted(new, old) if kind.generation and write.subresource != "binding" else new


def _counted(new: Body, old: Body) -> Body:
    """`metadata.generation` counts changes of what is wanted."""
    if all(new.get(name) == old.get(name) for name in {**new, **old} if name not in ("metadata", "status")):
        return new
    generation = (old["metadata"].get("generation") or 0) + 1
    return {**new, "metadata": {**new["metadata"], "generation": generation}}


def _refusal(new: Body, errors: Iterable[FieldError], kind: Kind) -> Status | None:
    found = list(errors)
    return Status.invalid(kind.kind, kind.group, new["metadata"].get("name") or "", found) if found else None


def _marked(old: Body, kind: Kind, asked: int | None, propagation: str, view: View) -> Body:
    usual = kind.grace(old)
    grace = usual if asked is None or not usual else max(asked, 0)
    metadata = {**old["metadata"], "finalizers": _finalizers(old, propagation)}
    if not metadata["finalizers"]:
        del metadata["finalizers"]
    left = metadata.get("deletionGracePeriodSeconds")
    if is_deleting(old) and (grace is None or (left is not None and grace >= left)):
        return {**old, "metadata": metadata}
    metadata["deletionGracePeriodSeconds"] = grace or 0
    since = view.now + (grace or 0) * SECOND
    metadata["deletionTimestamp"] = rfc3339(since)
    if kind.generation:
        metadata["generation"] = (metadata.get("generation") or 0) + 1
    return kind.marked({**old, "metadata": metadata})


def _finalizers(old: Body, propagation: str) -> Iterable[str]:
    stand = list(old["metadata"].get("finalizers") or ())
    if not propagation:
        return stand
    others = [name for name in stand if name not in PROPAGATION.values()]
    wanted = PROPAGATION.get(propagation)
    return [*others, wanted] if wanted else others
