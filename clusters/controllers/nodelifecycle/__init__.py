"""The node lifecycle controller: a node not heard of for the grace period is NotReady and tainted, its pods with it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.controllers.nodelifecycle.disruption import may_drive_out
from clusters.controllers.nodelifecycle.taints import matching, taints_of
from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import condition_of, conditions_of, is_true, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, SetStatus, Update, Write

HEARD_OF = ("Ready", "MemoryPressure", "DiskPressure", "PIDPressure")
LEASES = "kube-node-lease"
Writes = Generator[Write, Body | Status | None, None]


def leases(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A renewal matters only for a node that was given up; the others are looked at when one is due."""
    lease = new or old
    if lease is None or lease["metadata"].get("namespace") != LEASES:
        return ()
    key = Key("", lease["metadata"]["name"])
    node = view.get("nodes", key)
    return (key,) if node and not is_true(node, "Ready") else ()


def pods(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A pod that says it is ready on a node that says nothing."""
    if new is None or (old is not None and old["spec"].get("nodeName") == new["spec"].get("nodeName")):
        return ()
    key = Key("", new["spec"].get("nodeName") or "")
    node = view.get("nodes", key) if key.name else None
    return (key,) if node and _is_silent(node) else ()


def nodes(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The node itself; when it fails or recovers also all that have failed, for what holds depends on how many."""
    node = new or old
    assert node is not None
    itself = key_of(node)
    if new is not None and old is not None and is_true(new, "Ready") == is_true(old, "Ready"):
        return (itself,)
    failed = [key_of(one) for one in view.list("nodes") if not is_true(one, "Ready")]
    return [itself, *(key for key in failed if key != itself)]


CONTROLLER = Controller(
    "node-lifecycle-controller",
    primary="nodes",
    mapper=nodes,
    watches={"leases": leases, "pods": pods},
    source="node-controller",
)


def reconcile(key: Key, view: View) -> Writes:
    """Judge the node's silence, put its taints right, tell its pods, and come back when the next renewal is overdue."""
    node = view.get("nodes", key)
    if node is None:
        return
    yield from _welcome(node)
    due = _overdue_at(node, view)
    if view.now >= due and not _is_silent(node):
        # taints follow in the next round, when all nodes that fell silent together are known
        yield from _give_up(node, view)
        return
    node = yield from _set_taints(node, view)
    if not is_true(node, "Ready"):
        yield from _mark_pods(node, view)
    if view.now < due:
        yield LookAgain(due)


def _welcome(node: Body) -> Iterable[Write]:
    """A node that has no pod range yet has just joined: the next controller gives it one."""
    if not dig(node, "spec.podCIDR") and not is_deleting(node):
        name = node["metadata"]["name"]
        told = f"Node {name} event: Registered Node {name} in Controller"
        yield Emit(node, "Normal", "RegisteredNode", told, because=node)


def _overdue_at(node: Body, view: View) -> Time:
    """When the grace period after the last sign of life is over, at the next turn of the node monitor."""
    lease = view.get("leases", Key(LEASES, node["metadata"]["name"]))
    renewed = dig(lease, "spec.renewTime") if lease else None
    ready = condition_of(node, "Ready") or {}
    signs = [node["metadata"]["creationTimestamp"], renewed, ready.get("lastHeartbeatTime")]
    heard = max(parse(stamp) for stamp in signs if stamp)
    period = view.timings.monitor_period
    return -(-(heard + view.timings.monitor_grace) // period) * period


def _is_silent(node: Body) -> bool:
    ready = condition_of(node, "Ready")
    return ready is not None and ready["status"] == "Unknown"


def _give_up(node: Body, view: View) -> Writes:
    was_ready = is_true(node, "Ready")
    conditions: Sequence[Body] = conditions_of(node)
    for type_ in HEARD_OF:
        conditions = with_condition(conditions, _unknown(node, type_), view.now)
    status = {**(node.get("status") or {}), "conditions": conditions}
    why = f"Nothing was heard of it for {view.timings.monitor_grace / 1e6:g} s."
    yield SetStatus("nodes", node, status, because=node, why=why)
    if was_ready:
        told = f"Node {node['metadata']['name']} status is now: NodeNotReady"
        yield Emit(node, "Normal", "NodeNotReady", told, because=node)


def _unknown(node: Body, type_: str) -> Body:
    known = condition_of(node, type_)
    if known is None:
        reason, told = "NodeStatusNeverUpdated", "Kubelet never posted node status."
        heartbeat = node["metadata"]["creationTimestamp"]
    else:
        reason, told = "NodeStatusUnknown", "Kubelet stopped posting node status."
        heartbeat = known.get("lastHeartbeatTime") or node["metadata"]["creationTimestamp"]
    return {"type": type_, "status": "Unknown", "lastHeartbeatTime": heartbeat, "reason": reason, "message": told}


def _set_taints(node: Body, view: View) -> Generator[Write, Body | Status | None, Body]:
    ready = condition_of(node, "Ready")
    if ready is None:  # it has not spoken yet
        return node
    drive_out, again = may_drive_out(node, view) if ready["status"] != "True" else (False, None)
    if again is not None:
        yield LookAgain(again)
    taints = matching(node, ready["status"], drive_out=drive_out, now=view.now)
    if taints == taints_of(node):
        return node
    why = "Its taints follow its conditions."
    answer = yield Update("nodes", put(node, "spec.taints", taints), because=node, why=why)
    return answer if isinstance(answer, dict) else node


def _mark_pods(node: Body, view: View) -> Writes:
    """Pods of a node that is not ready are not ready, so that Services leave them out."""
    for pod in view.on_node(node["metadata"]["name"]):
        ready = condition_of(pod, "Ready")
        if ready is None or ready["status"] != "True":
            continue
        conditions = with_condition(conditions_of(pod), {**ready, "status": "False"}, view.now)
        yield SetStatus("pods", pod, {**pod["status"], "conditions": conditions}, because=node)
        yield Emit(pod, "Warning", "NodeNotReady", "Node is not ready", because=node)
