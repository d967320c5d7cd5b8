"""Whose pod is it: adoption of those that match and release of those that no longer do (PodControllerRefManager)."""

from __future__ import annotations

from collections.abc import Generator

from clusters.kinds.body import Body, is_deleting, key_of, owner_reference, put, uid_of, without
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update, Write
from workloads.controllers.replicaset.members import Members

Writes = Generator[Write, Body | Status | None, None]


def claim(rs: Body, view: View) -> Writes:
    """Let go of own pods whose labels changed; take pods that match and have no controller."""
    selector, members = rs["spec"]["selector"], _members(view)
    for group in members.of(uid_of(rs)):
        if not matches(selector, group.labels):
            for key in sorted(group.pods):
                yield _released(group.pods[key], rs)
    if is_deleting(rs):
        return
    for group in members.orphans(key_of(rs).namespace):
        if matches(selector, group.labels):
            for key in sorted(group.pods):
                yield _adopted(group.pods[key], rs)


def _released(pod: Body, rs: Body) -> Update:
    others = [owner for owner in pod["metadata"]["ownerReferences"] if owner["uid"] != uid_of(rs)]
    free = put(pod, "metadata.ownerReferences", others) if others else without(pod, "metadata.ownerReferences")
    return Update("pods", free, because=pod, why="Its labels no longer match the ReplicaSet's selector.")


def _adopted(pod: Body, rs: Body) -> Update:
    owners = [*(pod["metadata"].get("ownerReferences") or ()), owner_reference(rs)]
    taken = put(pod, "metadata.ownerReferences", owners)
    return Update("pods", taken, because=rs, why="Its labels match the ReplicaSet's selector and it had no controller.")


def _members(view: View) -> Members:
    members = view.cache
    assert isinstance(members, Members)
    return members
