"""The namespace controller: empties a Namespace that is to go, pods first, then lets it go (Kubernetes: Namespaces)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, SetStatus, Update, Write

FINALIZER = "kubernetes"
Left = list[tuple[Kind, Body]]
Writes = Generator[Write, Body | Status | None, None]


def last_of_it(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The Namespace that is to go and has just lost an object."""
    if new is not None or old is None:
        return ()
    key = Key("", key_of(old).namespace)
    namespace = view.get("namespaces", key)
    return (key,) if namespace and is_deleting(namespace) else ()


CONTROLLER = Controller("namespace-controller", primary="namespaces", everywhere=lambda _: last_of_it)


def reconcile(key: Key, view: View) -> Writes:
    """Delete what is in it; when nothing is left, take the finalizer away."""
    namespace = view.get("namespaces", key)
    if namespace is None or not is_deleting(namespace) or FINALIZER not in (dig(namespace, "spec.finalizers") or ()):
        return
    content = [kind for kind in view.kinds.values() if kind.namespaced and kind.served]
    # pods first: nothing that protects or serves them goes before they do (KEP-5080)
    pods = [kind for kind in content if kind.plural == "pods"]
    left = yield from _empty(key.name, pods, namespace, view)
    if not left:
        left = yield from _empty(key.name, [kind for kind in content if kind not in pods], namespace, view)
    if left:
        yield from _report(namespace, left, view)
        return
    others = [name for name in namespace["spec"]["finalizers"] if name != FINALIZER]
    freed = {**namespace, "spec": {**namespace["spec"], "finalizers": others}}
    yield Update("namespaces", freed, because=namespace, why="Nothing is left in it.", subresource="finalize")


def _empty(
    namespace: str, kinds: Sequence[Kind], because: Body, view: View
) -> Generator[Write, Body | Status | None, Left]:
    """Ask for the deletion of everything of these kinds; gives what is still there."""
    for kind in kinds:
        for body in view.list(kind.plural, namespace):
            if not is_deleting(body):
                why = "Its Namespace is being deleted."
                yield Delete(kind.plural, body, because=because, why=why, propagation="Background")
    return [(kind, body) for kind in kinds for body in view.list(kind.plural, namespace)]


def _report(namespace: Body, left: Left, view: View) -> Writes:
    conditions: Sequence[Body] = conditions_of(namespace)
    for type_, status, reason, message in _conditions(left):
        said = {"type": type_, "status": status, "reason": reason, "message": message}
        conditions = with_condition(conditions, said, view.now)
    if conditions != conditions_of(namespace):
        status_ = {**(namespace.get("status") or {}), "phase": "Terminating", "conditions": conditions}
        yield SetStatus("namespaces", namespace, status_, because=namespace)


def _conditions(left: Left) -> Iterable[tuple[str, str, str, str]]:
    discovered = "All resources successfully discovered"
    yield "NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", discovered
    parsed = "All legacy kube types successfully parsed"
    yield "NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", parsed
    deleted = "All content successfully deleted, may be waiting on finalization"
    yield "NamespaceDeletionContentFailure", "False", "ContentDeleted", deleted
    counts = Counter(f"{kind.plural}.{kind.group}" for kind, _ in left)
    told = ", ".join(f"{name} has {counts[name]} resource instances" for name in sorted(counts))
    yield "NamespaceContentRemaining", "True", "SomeResourcesRemain", f"Some resources are remaining: {told}"
    holders = Counter(name for _, body in left for name in body["metadata"].get("finalizers") or ())
    if holders:
        told = ", ".join(f"{name} in {holders[name]} resource instances" for name in sorted(holders))
        told = f"Some content in the namespace has finalizers remaining: {told}"
        yield "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain", told
    else:
        told = "All content-preserving finalizers finished"
        yield "NamespaceFinalizersRemaining", "False", "ContentHasNoFinalizers", told
