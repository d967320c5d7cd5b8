"""What a DaemonSet says of itself (Kubernetes: DaemonSetStatus)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.reconcile.writes import LookAgain, SetStatus, Write
from workloads.controllers.daemonset.placed import Calm, calm_of
from workloads.controllers.daemonset.squad import Squad, oldest_first
from workloads.kinds.daemonset import COUNTS
from workloads.replicas.readiness import available_at


def report(squad: Squad) -> Iterator[Write]:
    """Write the status where it changed, and come back when a pod has been ready for minReadySeconds."""
    status = _counted(squad)
    kept = {name: count for name, count in status.items() if count or name in COUNTS}
    if kept != (squad.ds.get("status") or {}):
        yield SetStatus("daemonsets", squad.ds, kept)
    if squad.ds["spec"].get("minReadySeconds"):
        times = [available_at(pod, squad.ds) or 0 for pods in squad.placed.values() for pod in pods.values()]
        soonest = min((time for time in times if time > squad.view.now), default=None)
        if soonest is not None:
            yield LookAgain(soonest)


def _counted(squad: Squad) -> Body:
    misplaced = sum(not should_run for should_run, _ in map(squad.nodes.__getitem__, _known(squad)))
    there = list(_there(squad))
    available = sum(squad.works(one) for one in there)
    return {
        "currentNumberScheduled": len(there),
        "numberMisscheduled": misplaced,
        "desiredNumberScheduled": squad.desired,
        "numberReady": sum(one.ready for one in there),
        "observedGeneration": squad.ds["metadata"].get("generation") or 0,
        "updatedNumberScheduled": sum(squad.is_marked(one.mark, one.generation) for one in there),
        "numberAvailable": available,
        "numberUnavailable": squad.desired - available,
        "collisionCount": squad.history.collisions,
    }


def _known(squad: Squad) -> Iterator[str]:
    """The nodes that have a pod."""
    return (node for node in squad.placed if node in squad.nodes)


def _there(squad: Squad) -> Iterator[Calm]:
    """The oldest pod of each node that should have one."""
    placed, calm = squad.placed, squad.calm
    for node, (should_run, _) in squad.nodes.items():
        if not should_run:
            continue
        one = calm.get(node)
        if one is not None:
            yield one
        elif node in placed:
            yield calm_of(oldest_first(placed[node])[0])
