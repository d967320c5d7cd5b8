"""The node lifecycle controller: a node not heard of for the grace period is NotReady and tainted, its pods with it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time, parse, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import condition_of, conditions_of, is_true, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, SetStatus, Update, Write

NOT_READY, UNREACHABLE = "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"
CORDONED = "node.kubernetes.io/unschedulable"
# condition, the status that is bad news, the taint that says so
PRESSURES = (
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
)
OWN_TAINTS = (NOT_READY, UNREACHABLE, CORDONED, *(key for _, key in PRESSURES))
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


CONTROLLER = Controller(
    "node-lifecycle-controller", primary="nodes", watches={"leases": leases, "pods": pods}, source="node-controller"
)


def reconcile(key: Key, view: View) -> Writes:
    """Judge the node's silence, put its taints right, tell its pods, and come back when the next renewal is overdue."""
    node = view.get("nodes", key)
    if node is None:
        return
    yield from _welcome(node)
    due = _overdue_at(node, view)
    if view.now >= due and not _is_silent(node):
        node = yield from _give_up(node, view)
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


def _give_up(node: Body, view: View) -> Generator[Write, Body | Status | None, Body]:
    was_ready = is_true(node, "Ready")
    conditions: Sequence[Body] = conditions_of(node)
    for type_ in HEARD_OF:
        conditions = with_condition(conditions, _unknown(node, type_), view.now)
    status = {**(node.get("status") or {}), "conditions": conditions}
    why = f"Nothing was heard of it for {view.timings.monitor_grace / 1e6:g} s."
    answer = yield SetStatus("nodes", node, status, because=node, why=why)
    if was_ready:
        told = f"Node {node['metadata']['name']} status is now: NodeNotReady"
        yield Emit(node, "Normal", "NodeNotReady", told, because=node)
    return answer if isinstance(answer, dict) else node


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
    known = dig(node, "spec.taints") or []
    ready = condition_of(node, "Ready")
    if ready is None:  # it has not spoken yet
        return node
    wanted = _wanted(node, ready["status"])
    kept = [taint for taint in known if taint["key"] not in OWN_TAINTS or _place(taint) in wanted]
    there = [_place(taint) for taint in kept]
    new = [{"key": key, "effect": effect, "timeAdded": rfc3339(view.now)} for key, effect in wanted]
    taints = kept + [taint for taint in new if _place(taint) not in there]
    if taints == known:
        return node
    why = "Its taints follow its conditions."
    answer = yield Update("nodes", put(node, "spec.taints", taints), because=node, why=why)
    return answer if isinstance(answer, dict) else node


def _wanted(node: Body, ready: str) -> list[tuple[str, str]]:
    """(key, effect) of every taint that the node's state asks for."""
    found: list[tuple[str, str]] = []
    if ready != "True":
        key = NOT_READY if ready == "False" else UNREACHABLE
        found += [(key, "NoSchedule"), (key, "NoExecute")]
    found += [(key, "NoSchedule") for type_, key in PRESSURES if is_true(node, type_)]
    if (node.get("spec") or {}).get("unschedulable"):
        found.append((CORDONED, "NoSchedule"))
    return found


def _place(taint: Body) -> tuple[str, str]:
    return taint["key"], taint["effect"]


def _mark_pods(node: Body, view: View) -> Writes:
    """Pods of a node that is not ready are not ready, so that Services leave them out."""
    for pod in view.on_node(node["metadata"]["name"]):
        ready = condition_of(pod, "Ready")
        if ready is None or ready["status"] != "True":
            continue
        conditions = with_condition(conditions_of(pod), {**ready, "status": "False"}, view.now)
        yield SetStatus("pods", pod, {**pod["status"], "conditions": conditions}, because=node)
        yield Emit(pod, "Warning", "NodeNotReady", "Node is not ready", because=node)
