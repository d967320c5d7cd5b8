"""What a StatefulSet says of itself (Kubernetes: StatefulSetStatus)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.writes import LookAgain, SetStatus, Write
from workloads.controllers.statefulset.ensemble import Ensemble, is_running_and_ready, revision_of
from workloads.replicas.readiness import available_at

# written even when they are zero
ALWAYS = ("replicas", "availableReplicas", "collisionCount")


def report(ensemble: Ensemble) -> Iterator[Write]:
    """Write the status where it changed, and come back when a member has been ready for minReadySeconds."""
    sts, pods = ensemble.sts, ensemble.pods
    status = _completed(sts, _counted(ensemble, pods))
    kept = {name: value for name, value in status.items() if value or name in ALWAYS}
    if kept != (sts.get("status") or {}):
        yield SetStatus("statefulsets", sts, kept)
    times = [available_at(pod, sts) or 0 for pod in pods if is_running_and_ready(pod)]
    soonest = min((time for time in times if time > ensemble.view.now), default=None)
    if soonest is not None:
        yield LookAgain(soonest)


def _counted(ensemble: Ensemble, pods: Sequence[Body]) -> Body:
    current, staying = ensemble.current["metadata"]["name"], [pod for pod in pods if not is_deleting(pod)]
    return {
        "observedGeneration": ensemble.sts["metadata"].get("generation") or 0,
        "replicas": len(pods),
        "readyReplicas": sum(is_running_and_ready(pod) for pod in pods),
        "availableReplicas": sum(ensemble.is_available(pod) for pod in pods),
        "currentReplicas": sum(revision_of(pod) == current for pod in staying),
        "updatedReplicas": sum(revision_of(pod) == ensemble.newest for pod in staying),
        "currentRevision": current,
        "updateRevision": ensemble.newest,
        "collisionCount": ensemble.history.collisions,
    }


def _completed(sts: Body, status: Body) -> Body:
    """When all are of the new template, and ready, it is the current one."""
    if dig(sts, "spec.updateStrategy.type") != "RollingUpdate":
        return status
    if any(status[name] != sts["spec"]["replicas"] for name in ("updatedReplicas", "readyReplicas", "replicas")):
        return status
    return {**status, "currentReplicas": status["updatedReplicas"], "currentRevision": status["updateRevision"]}
