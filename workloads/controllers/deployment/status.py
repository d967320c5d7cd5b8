"""What a Deployment says of itself, written once at the end of a reconcile (deployment: sync.go, calculateStatus)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from clusters.reconcile.writes import LookAgain, SetStatus, Write
from workloads.controllers.deployment.progress import (
    deadline,
    note_available,
    note_failures,
    note_progress,
)
from workloads.controllers.deployment.rollout import Rollout, actual, available


def report(rollout: Rollout, *, rolling_out: bool) -> Iterator[Write]:
    """`rolling_out`: also judge whether the rollout moves (not while paused or scaling)."""
    status = _counted(rollout)
    note_available(rollout, status)
    if rolling_out:
        note_progress(rollout, status)
        note_failures(rollout)
    if rollout.conditions:
        status["conditions"] = list(rollout.conditions)
    if status != (rollout.deployment.get("status") or {}):
        yield SetStatus("deployments", rollout.deployment, status)
    if rollout.retry:
        yield LookAgain(rollout.view.now + SECOND)
    due = deadline(rollout, status)
    if due is not None and due > rollout.view.now:
        yield LookAgain(due)


def _counted(rollout: Rollout) -> Body:
    sets, new = rollout.sets, rollout.new
    total, there = sum(actual(rs) for rs in sets), sum(available(rs) for rs in sets)
    counts = {
        "observedGeneration": rollout.deployment["metadata"].get("generation") or 0,
        "replicas": total,
        "updatedReplicas": actual(new) if new else 0,
        "readyReplicas": sum((rs.get("status") or {}).get("readyReplicas") or 0 for rs in sets),
        "availableReplicas": there,
        "unavailableReplicas": max(total - there, 0),
        "collisionCount": rollout.collisions,
    }
    return {name: count for name, count in counts.items() if count}
