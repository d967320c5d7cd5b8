"""Each node gets the pod that it lacks and loses those that it should not have (daemon_controller: manage)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence

from clusters.kinds.body import Body, Key, is_deleting, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import MINUTE, SECOND, parse
from clusters.reconcile.writes import Emit, LookAgain, Write
from workloads.controllers.daemonset.eligible import NO
from workloads.controllers.daemonset.made import daemon
from workloads.controllers.daemonset.squad import Squad, oldest_first, staying
from workloads.replicas.making import create, delete
from workloads.replicas.readiness import is_ready, phase
from workloads.replicas.retrying import again

BURST = 250
BACKOFF_FIRST, BACKOFF_MOST = SECOND, 15 * MINUTE
Acting = Generator[Write, Body | Status | None, bool]  # whether anything was done


def manage(squad: Squad) -> Acting:
    """Place and remove, node by node."""
    placed, calm, lacking, doomed = squad.placed, squad.calm, [], []  # type: ignore[var-annotated]
    for node, (should_run, may_stay) in squad.nodes.items():
        if may_stay and node in calm:
            continue
        pods = placed.get(node)
        if should_run and not pods:
            lacking.append(node)
        elif pods and may_stay:
            running = yield from _without_ended(squad, node, pods, doomed)
            doomed += _surplus(squad, running)
            if should_run and squad.allows_surge and not running:
                lacking.append(node)
        elif pods:
            doomed += staying(pods)
    doomed += _stranded(squad, placed)
    return (yield from act(squad, lacking, doomed))


def act(squad: Squad, nodes: Sequence[str], doomed: Sequence[Body]) -> Acting:
    """New pods for these nodes; these pods go."""
    why = f"{len(nodes)} of {squad.desired} nodes {'lacks' if len(nodes) == 1 else 'lack'} its pod."
    made = [daemon(squad, node) for node in nodes[:BURST]]
    failure = yield from create(squad.ds, made, why)
    if failure is None:
        gone = sorted(doomed, key=lambda pod: pod["metadata"]["name"])[:BURST]
        failure = yield from delete(squad.ds, gone, "It does not belong there, or is of an old template.")
    if failure is not None:
        reason, message = failure
        prefix = "Error creating: " if reason == "FailedCreate" else "Error deleting: "
        yield again(squad.ds, prefix + message, squad.view)
    return bool(made or doomed)


def _without_ended(
    squad: Squad, node: str, pods: Mapping[Key, Body], doomed: list[Body]
) -> Generator[Write, Body | Status | None, Sequence[Body]]:
    """The pods that live; what has failed or ended is deleted, so that another can be made."""
    running = []
    for pod in staying(pods):
        name = f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        if phase(pod) == "Failed":
            told = f"Found failed daemon pod {name} on node {node}, will try to kill it"
            due = _next_try(squad, node)
            if squad.view.now < due:
                yield LookAgain(due)
                continue
            yield Emit(squad.ds, "Warning", "FailedDaemonPod", told)
            doomed.append(pod)
        elif phase(pod) == "Succeeded":
            told = f"Found succeeded daemon pod {name} on node {node}, will try to delete it"
            yield Emit(squad.ds, "Normal", "SucceededDaemonPod", told)
            doomed.append(pod)
        else:
            running.append(pod)
    return running


def _next_try(squad: Squad, node: str) -> int:
    """When a pod that failed may be deleted again: the Events say how long it has gone on like this."""
    events = squad.view.list("events", squad.ds["metadata"]["namespace"])
    end, uid = f" on node {node}, will try to kill it", uid_of(squad.ds)
    told = [e for e in events if e["message"].endswith(end) and e["involvedObject"].get("uid") == uid]
    if not told:
        return 0
    first, last = (choose(parse(e[field]) for e in told) for choose, field in _ENDS)
    return last + min(max(last - first, BACKOFF_FIRST), BACKOFF_MOST)


_ENDS = ((min, "firstTimestamp"), (max, "lastTimestamp"))


def _surplus(squad: Squad, running: Sequence[Body]) -> Iterator[Body]:
    """All but the oldest; while surging, an old one that works may stand beside a new one that does not yet."""
    ordered = oldest_first({Key("", pod["metadata"]["name"]): pod for pod in running})
    if not squad.allows_surge:
        yield from ordered[1:]
        return
    new = [pod for pod in ordered if squad.is_current(pod)]
    old = [pod for pod in ordered if not squad.is_current(pod)]
    yield from new[1:]
    yield from old[1:]
    if new and old and (not is_ready(old[0]) or squad.is_available(new[0])):
        yield old[0]


def _stranded(squad: Squad, placed: Mapping[str, Mapping[Key, Body]]) -> Iterator[Body]:
    """Pods without a node whose node is gone: nobody will ever place them."""
    for node in sorted(placed):
        if squad.nodes.get(node, NO) is NO and node not in squad.nodes:
            waiting = placed[node]
            yield from (
                waiting[key]
                for key in sorted(waiting)
                if not waiting[key]["spec"].get("nodeName") and not is_deleting(waiting[key])
            )
