"""The garbage collector: what has lost its owners goes, in the order asked for (Kubernetes: Garbage Collection).

A key stands for any object: its resource in the place of the namespace, `namespace/name` in that of the name.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.kinds.body import Body, Key, is_deleting, key_of, put, uid_of, without
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.component import Controller, Mapper
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, Emit, Update, Write

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
POLICIES = {ORPHAN: "Orphan", FOREGROUND: "Foreground"}
NEW = 5 * SECOND
SOLID, ABSENT, WAITING = "solid", "absent", "waiting"
Writes = Generator[Write, Body | Status | None, None]


def noticed(resource: str) -> Mapper:
    """From a change of this resource to the objects that have to be looked at."""

    def look_at(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
        if new is None:
            return _after_removal(old, view) if old is not None else ()
        if is_deleting(new):
            mine = [_place(resource, new)] if _finalizer(new) else []
            return [*mine, *_waiting_owners(new, view)]
        owners = new["metadata"].get("ownerReferences")
        if not owners or (old is not None and owners == old["metadata"].get("ownerReferences")):
            return ()
        return (_place(resource, new),) if _is_suspect(new, view) else ()

    return look_at


def everything_in(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """At the start: all suspects of a Namespace, in the first one also those that are in none."""
    found = list(noticed("namespaces")(new, old, view))
    if new is None or old is not None:
        return found
    name = new["metadata"]["name"]
    for kind in view.kinds.values():
        if kind.served and (kind.namespaced or name == "kube-system"):
            there = view.list(kind.plural, name) if kind.namespaced else view.list(kind.plural)
            found += [_place(kind.plural, body) for body in there if _is_suspect(body, view)]
    return found


CONTROLLER = Controller(
    "garbage-collector-controller",
    primary="namespaces",
    mapper=everything_in,
    everywhere=lambda kind: noticed(kind.plural),
)


def reconcile(key: Key, view: View) -> Writes:
    """Free the dependents, wait for them, or see whether the object itself still has an owner."""
    resource, (namespace, _, name) = key.namespace, key.name.rpartition("/")
    body = view.get(resource, Key(namespace, name))
    if body is None:
        return
    finalizer = _finalizer(body) if is_deleting(body) else ""
    if finalizer == ORPHAN:
        yield from _orphan(resource, body, view)
    elif finalizer == FOREGROUND:
        yield from _foreground(resource, body, view)
    elif not is_deleting(body):
        yield from _collect(resource, body, view)


def _orphan(resource: str, owner: Body, view: View) -> Writes:
    """Its dependents forget it, then it goes."""
    for kind, dependent in view.dependents(uid_of(owner)):
        others = [ref for ref in dependent["metadata"]["ownerReferences"] if ref["uid"] != uid_of(owner)]
        why = "Its owner was deleted with --cascade=orphan."
        yield Update(kind, _with_owners(dependent, others), because=owner, why=why)
    yield _released(resource, owner, ORPHAN)


def _foreground(resource: str, owner: Body, view: View) -> Writes:
    """Its dependents go first; those with blockOwnerDeletion are waited for."""
    dependents = view.dependents(uid_of(owner))
    if not any(_blocks(dependent, owner) for _, dependent in dependents):
        yield _released(resource, owner, FOREGROUND)
        return
    for kind, dependent in dependents:
        if not is_deleting(dependent):
            yield from _collect(kind, dependent, view)


def _collect(resource: str, body: Body, view: View) -> Writes:
    """Delete what has no owner left; drop references to lost owners where another one stands."""
    owners: Sequence[Body] = body["metadata"].get("ownerReferences") or []
    states = [_state(ref, body, view) for ref in owners]
    for reference in owners:
        yield from _misplaced(reference, body, view)
    if all(state == SOLID for state in states):
        return
    if SOLID in states:
        solid = [ref for ref, state in zip(owners, states, strict=True) if state == SOLID]
        why = "One of its owners is gone, another one is there."
        yield Update(resource, _with_owners(body, solid), because=body, why=why)
        return
    dependents = view.dependents(uid_of(body)) if WAITING in states else ()
    policy = "Foreground" if dependents else POLICIES.get(_finalizer(body), "Background")
    lost: Body = owners[0]
    why = f"Its owner {lost['kind']} {lost['name']} {'is being' if WAITING in states else 'was'} deleted."
    # a ring of owners would wait for itself for ever
    for kind, dependent in dependents:
        if is_deleting(dependent) and _finalizer(dependent) == FOREGROUND:
            yield Update(kind, _unblocked(dependent, body), because=body)
    yield Delete(resource, body, why=why, propagation=policy)


def _state(reference: Body, body: Body, view: View) -> str:
    kind = _kind(reference, view)
    if kind is None or (kind.namespaced and not key_of(body).namespace):
        return SOLID  # nothing is known about it
    owner = view.get(kind.plural, Key(key_of(body).namespace if kind.namespaced else "", reference["name"]))
    if owner is None or uid_of(owner) != reference["uid"]:
        return ABSENT
    return WAITING if is_deleting(owner) and _finalizer(owner) == FOREGROUND else SOLID


def _misplaced(reference: Body, body: Body, view: View) -> Writes:
    """An owner in another Namespace is none: said when the dependent is new, a mistake of whoever wrote it."""
    kind, home = _kind(reference, view), key_of(body).namespace
    if kind is None or not kind.namespaced or view.now - parse(body["metadata"]["creationTimestamp"]) > NEW:
        return
    found = [one for one in view.list(kind.plural) if uid_of(one) == reference["uid"] and key_of(one).namespace != home]
    if found:
        named = f"[{reference['apiVersion']}/{reference['kind']}, namespace: {home}, name: {reference['name']}"
        told = f'ownerRef {named}, uid: {reference["uid"]}] does not exist in namespace "{home}"'
        yield Emit(body, "Warning", "OwnerRefInvalidNamespace", told)


def _kind(reference: Body, view: View) -> Kind | None:
    group, slash, _ = reference["apiVersion"].partition("/")
    wanted = (group if slash else "", reference["kind"])
    return next((kind for kind in view.kinds.values() if (kind.group, kind.kind) == wanted), None)


def _is_suspect(body: Body, view: View) -> bool:
    if is_deleting(body):
        return bool(_finalizer(body))
    if not key_of(body).namespace and any(
        _is_out_of_reach(ref, view) for ref in body["metadata"].get("ownerReferences") or ()
    ):
        return True
    return any(_state(ref, body, view) != SOLID for ref in body["metadata"].get("ownerReferences") or ())


def _is_out_of_reach(reference: Body, view: View) -> bool:
    """What belongs to the whole cluster cannot be owned by something in a Namespace."""
    kind = _kind(reference, view)
    return kind is not None and kind.namespaced


def _after_removal(gone: Body, view: View) -> Sequence[Key]:
    left_behind = [_place(resource, body) for resource, body in view.dependents(uid_of(gone))]
    return [*left_behind, *_waiting_owners(gone, view)]


def _waiting_owners(body: Body, view: View) -> list[Key]:
    """Owners that wait in the foreground for this one."""
    found = []
    for reference in body["metadata"].get("ownerReferences") or ():
        if _state(reference, body, view) == WAITING:
            kind = _kind(reference, view)
            assert kind is not None
            namespace = key_of(body).namespace if kind.namespaced else ""
            found.append(Key(kind.plural, f"{namespace}/{reference['name']}"))
    return found


def _place(resource: str, body: Body) -> Key:
    key = key_of(body)
    return Key(resource, f"{key.namespace}/{key.name}")


def _finalizer(body: Body) -> str:
    stand = body["metadata"].get("finalizers") or ()
    return next((name for name in (ORPHAN, FOREGROUND) if name in stand), "")


def _blocks(dependent: Body, owner: Body) -> bool:
    references = dependent["metadata"].get("ownerReferences") or ()
    return any(ref["uid"] == uid_of(owner) and ref.get("blockOwnerDeletion") for ref in references)


def _unblocked(dependent: Body, owner: Body) -> Body:
    references = dependent["metadata"]["ownerReferences"]
    return _with_owners(
        dependent,
        [{**ref, "blockOwnerDeletion": False} if ref["uid"] == uid_of(owner) else ref for ref in references],
    )


def _with_owners(body: Body, owners: Sequence[Body]) -> Body:
    field = "metadata.ownerReferences"
    return put(body, field, list(owners)) if owners else without(body, field)


def _released(resource: str, body: Body, finalizer: str) -> Update:
    left = [name for name in body["metadata"]["finalizers"] if name != finalizer]
    field = "metadata.finalizers"
    why = "Its dependents are free." if finalizer == ORPHAN else "Nothing blocks its deletion any more."
    return Update(resource, put(body, field, left) if left else without(body, field), because=body, why=why)
