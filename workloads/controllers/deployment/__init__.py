"""The Deployment controller: rollouts of ReplicaSets (Kubernetes: Deployment)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, labels_of
from clusters.kinds.selectors import matches
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from workloads.controllers.deployment.cleanup import clean_up
from workloads.controllers.deployment.limits import is_rolling
from workloads.controllers.deployment.newest import gather, number_newest
from workloads.controllers.deployment.progress import note_pause
from workloads.controllers.deployment.recreate import Lingering, recreate, waits_for
from workloads.controllers.deployment.rolling import roll
from workloads.controllers.deployment.rollout import Rollout, Writes
from workloads.controllers.deployment.scaling import is_resized, resize
from workloads.controllers.deployment.status import report
from workloads.replicas.claim import claim_others

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
    yield from claim_others(deployment, "replicasets", view)
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
