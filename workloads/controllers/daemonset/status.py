"""What a DaemonSet says of itself (Kubernetes: DaemonSetStatus)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.reconcile.writes import LookAgain, SetStatus, Write
from workloads.controllers.daemonset.squad import Squad, oldest_first
from workloads.kinds.daemonset import COUNTS
from workloads.replicas.readiness import available_at, is_ready


def report(squad: Squad) -> Iterator[Write]:
    """Write the status where it changed, and come back when a pod has been ready for minReadySeconds."""
    status = _counted(squad)
    kept = {name: count for name, count in status.items() if count or name in COUNTS}
    if kept != (squad.ds.get("status") or {}):
        yield SetStatus("daemonsets", squad.ds, kept)
    if squad.ds["spec"].get("minReadySeconds"):
        times = [available_at(pod, squad.ds) or 0 for pods in squad.placed().values() for pod in pods.values()]
        soonest = min((time for time in times if time > squad.view.now), default=None)
        if soonest is not None:
            yield LookAgain(soonest)


def _counted(squad: Squad) -> Body:
    placed, there, misplaced = squad.placed(), [], 0  # type: ignore[var-annotated]
    for node, (should_run, _) in squad.nodes.items():
        pods = placed.get(node)
        if pods and should_run:
            there.append(next(iter(pods.values())) if len(pods) == 1 else oldest_first(pods)[0])
        elif pods:
            misplaced += 1
    available = sum(squad.is_available(pod) for pod in there)
    return {
        "currentNumberScheduled": len(there),
        "numberMisscheduled": misplaced,
        "desiredNumberScheduled": squad.desired,
        "numberReady": sum(is_ready(pod) for pod in there),
        "observedGeneration": squad.ds["metadata"].get("generation") or 0,
        "updatedNumberScheduled": sum(squad.is_current(pod) for pod in there),
        "numberAvailable": available,
        "numberUnavailable": squad.desired - available,
        "collisionCount": squad.history.collisions,
    }
