"""The Deployment controller: rollouts of ReplicaSets (Kubernetes: Deployment)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, labels_of, owner_reference, put, uid_of
from clusters.kinds.selectors import matches
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update
from workloads.controllers.deployment.cleanup import clean_up
from workloads.controllers.deployment.limits import is_rolling
from workloads.controllers.deployment.newest import gather, number_newest
from workloads.controllers.deployment.progress import note_pause
from workloads.controllers.deployment.recreate import Lingering, recreate, waits_for
from workloads.controllers.deployment.rolling import roll
from workloads.controllers.deployment.rollout import Rollout, Writes
from workloads.controllers.deployment.scaling import is_resized, resize
from workloads.controllers.deployment.status import report

_owners = by_owner("Deployment")


def interested(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The controlling Deployment; for a ReplicaSet that nobody controls, each one that would take it."""
    if new is None or controller_of(new) or is_deleting(new):
        return _owners(new, old, view)
    could = view.list("deployments", key_of(new).namespace)
    adopters = [key_of(one) for one in could if matches(one["spec"]["selector"], labels_of(new))]
    return [*_owners(new, old, view), *adopters]


CONTROLLER = Controller(
    "deployment-controller",
    primary="deployments",
    watches={"replicasets": interested, "pods": waits_for},
    cache=Lingering,
)


def reconcile(key: Key, view: View) -> Writes:
    """One step of the rollout, then the status."""
    deployment = view.get("deployments", key)
    if deployment is None:
        return
    yield from _claim(deployment, view)
    rollout = gather(deployment, view)
    yield from number_newest(rollout)
    if is_deleting(deployment):
        yield from report(rollout, rolling_out=False)
        return
    note_pause(rollout)
    if deployment["spec"].get("paused") or is_resized(rollout):
        yield from _hold(rollout)
        return
    yield from roll(rollout) if is_rolling(deployment) else recreate(rollout)
    yield from report(rollout, rolling_out=True)


def _hold(rollout: Rollout) -> Writes:
    """Paused or resized: sizes follow, the rollout does not move on."""
    yield from resize(rollout)
    if rollout.deployment["spec"].get("paused"):
        yield from clean_up(rollout)
    yield from report(rollout, rolling_out=False)


def _claim(deployment: Body, view: View) -> Writes:
    """Release own ReplicaSets that no longer match, adopt those that match and are nobody's."""
    selector = deployment["spec"]["selector"]
    for rs in view.owned(deployment, "replicasets"):
        if not matches(selector, labels_of(rs)):
            others = [owner for owner in rs["metadata"]["ownerReferences"] if owner["uid"] != uid_of(deployment)]
            yield Update("replicasets", put(rs, "metadata.ownerReferences", others), because=rs)
    if is_deleting(deployment):
        return
    for rs in view.list("replicasets", key_of(deployment).namespace):
        if not controller_of(rs) and not is_deleting(rs) and matches(selector, labels_of(rs)):
            owners = [*(rs["metadata"].get("ownerReferences") or ()), owner_reference(deployment)]
            yield Update("replicasets", put(rs, "metadata.ownerReferences", owners), because=deployment)
