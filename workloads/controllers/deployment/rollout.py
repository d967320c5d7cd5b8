"""A Deployment with its ReplicaSets in hand, and the one way to change a ReplicaSet's size."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, annotations_of, is_deleting, put, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, Update, Write
from workloads.controllers.deployment.limits import max_surge, wanted

DESIRED = "deployment.kubernetes.io/desired-replicas"
MOST = "deployment.kubernetes.io/max-replicas"
Writes = Generator[Write, Body | Status | None, None]
Deciding = Generator[Write, Body | Status | None, bool]


@dataclass(slots=True)
class Rollout:
    """What one reconcile works on; its bodies are replaced by what each write answers."""

    deployment: Body
    olds: list[Body]
    new: Body | None
    view: View
    conditions: Sequence[Body]
    collisions: int = 0
    retry: bool = False

    @property
    def sets(self) -> list[Body]:
        """Old ones, then the new one."""
        return [*self.olds, self.new] if self.new else list(self.olds)

    @property
    def active_olds(self) -> list[Body]:
        return [rs for rs in self.olds if size(rs)]

    def replace(self, rs: Body) -> None:
        """Go on with this version of one of the sets."""
        if self.new and uid_of(self.new) == uid_of(rs):
            self.new = rs
        self.olds = [rs if uid_of(old) == uid_of(rs) else old for old in self.olds]


def size(rs: Body) -> int:
    """`spec.replicas` of a ReplicaSet."""
    return int(rs["spec"].get("replicas", 1))


def available(rs: Body) -> int:
    return int((rs.get("status") or {}).get("availableReplicas") or 0)


def actual(rs: Body) -> int:
    """Pods that the ReplicaSet has according to its status."""
    return int((rs.get("status") or {}).get("replicas") or 0)


def oldest_first(sets: Sequence[Body]) -> list[Body]:
    return sorted(sets, key=lambda rs: (rs["metadata"].get("creationTimestamp", ""), rs["metadata"]["name"]))


def scale(rollout: Rollout, rs: Body, to: int) -> Deciding:
    """Set a ReplicaSet's size and what it remembers of the Deployment's; True when the size changed."""
    before = size(rs)
    resized = sized(rs, to, rollout.deployment)
    if resized == rs or is_deleting(rs):
        return False
    answer = yield Update("replicasets", resized)  # because of what woke us: the Deployment, or another set's progress
    if isinstance(answer, Status):
        rollout.retry = True
        return False
    rollout.replace(answer or resized)
    if before == to:
        return False
    yield Emit(rollout.deployment, "Normal", "ScalingReplicaSet", _told(rs, before, to))
    return True


def sized(rs: Body, to: int, deployment: Body) -> Body:
    """The ReplicaSet with this size and the annotations that proportional scaling reads."""
    most = wanted(deployment) + max_surge(deployment)
    noted = {**annotations_of(rs), DESIRED: str(wanted(deployment)), MOST: str(most)}
    return put(put(rs, "metadata.annotations", noted), "spec.replicas", to)


def _told(rs: Body, before: int, after: int) -> str:
    way = "up" if after > before else "down"
    return f"Scaled {way} replica set {rs['metadata']['name']} from {before} to {after}"
