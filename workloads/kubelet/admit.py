"""Whether a node can take a pod that was bound to it (kubelet: lifecycle's predicate admit handler)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clusters.kinds.body import Body, Key, dig, labels_of
from clusters.kinds.nodeselectors import wants_node
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.tolerations import tolerated
from workloads.kubelet.index import Shares
from workloads.kubelet.pressure import under
from workloads.kubelet.ranking import CRITICAL, priority
from workloads.kubelet.resources import milli, requests, whole
from workloads.kubelet.volumes import unsupported
from workloads.kubelet.work import Work

MEMORY_TAINT = "node.kubernetes.io/memory-pressure"
UNTOLERATED = "node(s) had taints that the pod didn't tolerate"


class Rejection(NamedTuple):
    """Why the pod fails: `status.reason`, and the sentence of the event."""

    reason: str
    message: str


def admit(work: Work, shares: Shares) -> Rejection | None:
    """The first reason against the pod, in the kubelet's order; static pods are always taken."""
    if work.is_static:
        return None
    fits = _under_pressure(work) or _system(work) or _fits(work, shares)
    return fits or _may_be_here(work) or _ports(work, shares) or _simulated(work)


def told_at(pod: Body) -> Time:
    """When a refused pod is told so: whoever replaces it at once would go on for ever within one moment."""
    bound = condition_of(pod, "PodScheduled")
    stamps = [pod["metadata"]["creationTimestamp"], *([bound["lastTransitionTime"]] if bound else [])]
    return max(parse(stamp) for stamp in stamps) + SECOND


def uses(pod: Body) -> Body:
    """What the pod takes of its node for as long as it lives."""
    return {**requests(pod), "ports": host_ports(pod)}


def room(work: Work, shares: Shares) -> Iterator[tuple[str, int, int]]:
    """(resource, what the node has of it, what its pods have been given)."""
    yield "cpu", milli(work.machine["cpu"]), shares.cpu
    yield "memory", whole(work.machine["memory"]), shares.memory


def host_ports(pod: Body) -> list[str]:
    """`TCP/8080` for each port of the node that the pod holds."""
    spec, found = pod["spec"], []
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        for port in container.get("ports") or ():
            number = port.get("hostPort") or (port["containerPort"] if spec.get("hostNetwork") else 0)
            if number:
                found.append(f"{port.get('protocol', 'TCP')}/{number}")
    return found


def _system(work: Work) -> Rejection | None:
    if dig(work.spec, "os.name") in (None, "linux"):
        return None
    return Rejection("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS")


def _under_pressure(work: Work) -> Rejection | None:
    """Too little memory turns away who asks for none; too little disk turns away everybody who is not critical."""
    pressures = under(work.machine)
    if not pressures or priority(work.pod) >= CRITICAL:
        return None
    if pressures == ["MemoryPressure"]:
        tolerated = any(
            one.get("key") in (None, "", MEMORY_TAINT) and one.get("effect") in (None, "", "NoSchedule")
            for one in work.spec.get("tolerations") or ()
        )
        if dig(work.pod, "status.qosClass") != "BestEffort" or tolerated:
            return None
    return Rejection("Evicted", f"The node had condition: [{' '.join(pressures)}]. ")


def _fits(work: Work, shares: Shares) -> Rejection | None:
    asked = {**requests(work.pod), "pods": 1}
    for name, capacity, used in (*room(work, shares), ("pods", work.machine["pods"], shares.pods)):
        wanted = asked[name]
        if wanted and used + wanted > capacity:
            amounts = f"requested: {wanted}, used: {used}, capacity: {capacity}"
            return Rejection(f"OutOf{name}", f"Node didn't have enough resource: {name}, {amounts}")
    return None


def _may_be_here(work: Work) -> Rejection | None:
    node = work.view.get("nodes", Key("", work.node))
    if node is None:
        return None
    if not wants_node(work.spec, labels_of(node), work.node):
        why = "node(s) didn't match Pod's node affinity/selector"
        return Rejection("NodeAffinity", f"Predicate NodeAffinity failed: {why}")
    driving_out = [taint for taint in dig(node, "spec.taints") or () if taint["effect"] == "NoExecute"]
    if all(tolerated(taint, work.spec) for taint in driving_out):
        return None
    return Rejection("TaintToleration", f"Predicate TaintToleration failed: {UNTOLERATED}")


def _ports(work: Work, shares: Shares) -> Rejection | None:
    if any(shares.ports.get(port) for port in host_ports(work.pod)):
        why = "node(s) didn't have free ports for the requested pod ports"
        return Rejection("NodePorts", f"Predicate NodePorts failed: {why}")
    return None


def _simulated(work: Work) -> Rejection | None:
    problem = unsupported(work.pod)
    return Rejection("Unsupported", f"Podium cannot run this pod: {problem}") if problem else None
