"""The templates that an owner had, numbered, to roll back to (Kubernetes: ControllerRevision, controller/history)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import orjson

from clusters.kinds.body import Body, annotations_of, is_deleting, key_of, owner_reference, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Update, Write
from workloads.replicas.claim import Writes, claim_others, own
from workloads.replicas.hashing import template_hash

RESOURCE = "controllerrevisions"
POD_LABEL = "controller-revision-hash"
MOST_COLLISIONS = 10


@dataclass(frozen=True, slots=True)
class History:
    """`current` is the owner's template of now; `past` are all others, oldest first."""

    current: Body
    past: Sequence[Body]
    collisions: int

    def named(self, name: str) -> Body | None:
        """The revision of this name, if it is still kept."""
        return next((one for one in (self.current, *self.past) if one["metadata"]["name"] == name), None)


Recording = Generator[Write, Body | Status | None, History | None]


def record(owner: Body, label: str, view: View) -> Recording:
    """The owner's history; its current template stands in it with the highest number. None: it could not be written.

    `label`: under which the revision carries its hash.
    """
    yield from claim_others(owner, RESOURCE, view)
    known = sorted(own(owner, RESOURCE, view), key=_order)
    data = data_of(owner["spec"]["template"])
    current = next((one for one in reversed(known) if one["data"] == data), None)
    collisions = (owner.get("status") or {}).get("collisionCount") or 0
    past = [one for one in known if current is None or uid_of(one) != uid_of(current)]
    number = max((one["revision"] for one in past), default=0) + 1
    if is_deleting(owner):
        return History(current, past, collisions) if current else None
    if current is None:
        current, collisions = yield from _make(owner, data, number, label, collisions, view)
    elif current["revision"] < number:
        why = f"The template is that of revision {current['revision']} again."
        answer = yield Update(RESOURCE, {**current, "revision": number}, because=owner, why=why)
        current = answer if isinstance(answer, dict) else current
    return History(current, past, collisions) if current else None


def forget(revisions: Sequence[Body], owner: Body) -> Writes:
    """Delete these, which are more than `spec.revisionHistoryLimit`."""
    for one in revisions:
        yield Delete(RESOURCE, one, because=owner, why=f"Only {owner['spec']['revisionHistoryLimit']} are kept.")


def data_of(template: Body) -> Body:
    """The strategic merge patch that brings the template back; in the order in which kubectl writes it."""
    patch = {"spec": {"template": {**template, "$patch": "replace"}}}
    ordered: Body = orjson.loads(orjson.dumps(patch, option=orjson.OPT_SORT_KEYS))
    return ordered


def template_in(revision: Body) -> Body:
    """The template that a revision remembers."""
    kept: Body = revision["data"]["spec"]["template"]
    return {name: value for name, value in kept.items() if name != "$patch"}


def _make(
    owner: Body, data: Body, number: int, label: str, collisions: int, view: View
) -> Generator[Write, Body | Status | None, tuple[Body | None, int]]:
    for _ in range(MOST_COLLISIONS):
        wished = _revision(owner, data, number, label, collisions)
        answer = yield Create(RESOURCE, wished, because=owner, why=f"Revision {number} of the template.")
        if isinstance(answer, dict):
            return answer, collisions
        known = view.get(RESOURCE, key_of(wished))
        if known is None:
            break
        if known["data"] == data:
            return known, collisions
        collisions += 1
    return None, collisions


def _revision(owner: Body, data: Body, number: int, label: str, collisions: int) -> Body:
    template, home = owner["spec"]["template"], owner["metadata"]
    mark = template_hash(template, collisions)
    metadata = {
        "name": f"{home['name'][:223]}-{mark}",
        "namespace": home["namespace"],
        "labels": {**((template.get("metadata") or {}).get("labels") or {}), label: mark},
        "ownerReferences": [owner_reference(owner)],
    }
    if annotations_of(owner):
        metadata["annotations"] = dict(annotations_of(owner))
    kind = {"apiVersion": "apps/v1", "kind": "ControllerRevision"}
    return {**kind, "metadata": metadata, "data": data, "revision": number}


def _order(revision: Body) -> tuple[int, str, str]:
    metadata = revision["metadata"]
    return revision["revision"], metadata.get("creationTimestamp") or "", metadata["name"]
