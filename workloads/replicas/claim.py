"""Whose is it: adoption of what matches, release of what no longer does (Kubernetes: ControllerRefManager)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence

from clusters.kinds.body import (
    Body,
    Key,
    controller_of,
    is_deleting,
    key_of,
    labels_of,
    owner_reference,
    put,
    uid_of,
    without,
)
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.component import Mapper, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update, Write
from workloads.replicas.members import Members, is_active

Writes = Generator[Write, Body | Status | None, None]
Takes = Callable[[Body, Body], bool]  # whether the owner takes this pod, which its selector matches


def _any(_owner: Body, _pod: Body) -> bool:
    return True


def selector_of(owner: Body) -> Body | None:
    """A label selector, also of a ReplicationController, which has plain pairs."""
    selector: Body | None = owner["spec"].get("selector")
    return {"matchLabels": selector or {}} if owner["kind"] == "ReplicationController" else selector


def its_pods(kind: str, plural: str, takes: Takes = _any) -> Mapper:
    """From a pod to its owner of this kind; from a pod that nobody controls to each one that would take it."""
    owners = by_owner(kind)

    def interested(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
        if new is None or controller_of(new) or not is_active(new):
            return owners(new, old, view)
        could = view.list(plural, key_of(new).namespace)
        labels = labels_of(new)
        adopters = [key_of(one) for one in could if matches(selector_of(one), labels) and takes(one, new)]
        return [*owners(new, old, view), *adopters]

    return interested


def claim(owner: Body, view: View, takes: Takes = _any) -> Writes:
    """Let go of own pods whose labels changed; take active pods that match and have no controller."""
    selector, members = selector_of(owner), view.derived(Members)
    for group in members.of(uid_of(owner)):
        if not matches(selector, group.labels):
            for key in sorted(group.pods):
                yield _released("pods", group.pods[key], owner)
    if is_deleting(owner):
        return
    for group in members.orphans(key_of(owner).namespace):
        if matches(selector, group.labels):
            for key in sorted(group.pods):
                if takes(owner, group.pods[key]):
                    yield _adopted("pods", group.pods[key], owner)


def claim_others(owner: Body, resource: str, view: View) -> Writes:
    """The same for what is not a pod: ReplicaSets of a Deployment, ControllerRevisions."""
    selector = selector_of(owner)
    for body in own(owner, resource, view):
        if not matches(selector, labels_of(body)):
            yield _released(resource, body, owner)
    if is_deleting(owner):
        return
    for body in view.list(resource, key_of(owner).namespace):
        if not controller_of(body) and not is_deleting(body) and matches(selector, labels_of(body)):
            yield _adopted(resource, body, owner)


def own(owner: Body, resource: str, view: View) -> Sequence[Body]:
    """What the owner controls, of a resource of which there is little: its pods are not even looked at."""
    uid = uid_of(owner)
    return [
        body for body in view.list(resource, key_of(owner).namespace) if (controller_of(body) or {}).get("uid") == uid
    ]


def _released(resource: str, body: Body, owner: Body) -> Update:
    others = [one for one in body["metadata"]["ownerReferences"] if one["uid"] != uid_of(owner)]
    free = put(body, "metadata.ownerReferences", others) if others else without(body, "metadata.ownerReferences")
    return Update(resource, free, because=body, why=f"Its labels no longer match the {owner['kind']}'s selector.")


def _adopted(resource: str, body: Body, owner: Body) -> Update:
    owners = [*(body["metadata"].get("ownerReferences") or ()), owner_reference(owner)]
    taken = put(body, "metadata.ownerReferences", owners)
    why = f"Its labels match the {owner['kind']}'s selector and it had no controller."
    return Update(resource, taken, because=owner, why=why)
