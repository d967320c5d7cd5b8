"""Old ReplicaSets beyond `spec.revisionHistoryLimit` go (deployment: sync.go, cleanupDeployment)."""

from __future__ import annotations

from clusters.kinds.body import Body, is_deleting
from clusters.reconcile.writes import Delete
from workloads.controllers.deployment.progress import is_complete
from workloads.controllers.deployment.revision import revision
from workloads.controllers.deployment.rollout import Rollout, Writes, actual, size

NO_LIMIT = 2**31 - 1


def clean_up(rollout: Rollout) -> Writes:
    """Only a rollout that is complete, or paused, forgets its past: until then somebody may want to go back."""
    spec = rollout.deployment["spec"]
    limit = spec.get("revisionHistoryLimit")
    if limit is None or limit == NO_LIMIT:
        return
    if not spec.get("paused") and not is_complete(rollout.deployment, rollout.deployment.get("status") or {}):
        return
    past = sorted((rs for rs in rollout.olds if not is_deleting(rs)), key=revision)
    for rs in past[: max(len(past) - limit, 0)]:
        if _is_empty(rs):
            why = f"Only {limit} old revisions are kept."
            yield Delete("replicasets", rs, because=rollout.deployment, why=why)


def _is_empty(rs: Body) -> bool:
    seen = (rs.get("status") or {}).get("observedGeneration") or 0
    return not actual(rs) and not size(rs) and (rs["metadata"].get("generation") or 0) <= seen
