"""The kubelet's Node: registration, status and conditions (Kubernetes: Nodes, node status)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, uid_of
from clusters.kinds.machine import hears_api
from clusters.reconcile.clock import SECOND, parse, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Emit, LookAgain, SetStatus, Update
from workloads.kubelet import blaming
from workloads.kubelet.machine import CONTROL_PLANE
from workloads.kubelet.pressure import EPHEMERAL_STORAGE, under
from workloads.kubelet.version import CONTAINERD, KUBERNETES
from workloads.kubelet.writes import Writes

UPDATE_FREQUENCY = 10 * SECOND  # nodeStatusUpdateFrequency: how soon a changed list of images is told
# what each condition says when it holds
BAD = {
    "MemoryPressure": ("KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
    "DiskPressure": ("KubeletHasDiskPressure", "kubelet has disk pressure"),
    "PIDPressure": ("KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
}
SAID = {
    ("MemoryPressure", "True"): "NodeHasInsufficientMemory",
    ("MemoryPressure", "False"): "NodeHasSufficientMemory",
    ("DiskPressure", "True"): "NodeHasDiskPressure",
    ("DiskPressure", "False"): "NodeHasNoDiskPressure",
    ("PIDPressure", "True"): "NodeHasInsufficientPID",
    ("PIDPressure", "False"): "NodeHasSufficientPID",
}
GOOD = (
    ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
)


def by_name(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    changed = new or old
    return (Key("", changed["metadata"]["name"]),) if changed else ()


CONTROLLER = Controller(
    "kubelet-node",
    primary="machines",
    watches={"nodes": by_name},
    actor=lambda key, _: f"kubelet/{key.name}",
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """Register a machine once; then tell its status when it has changed, and now and then that it has not."""
    machine, node = view.get("machines", key), view.get("nodes", key)
    if machine is None or not hears_api(machine) or not machine.get("ip"):
        return
    if node is None:
        if not dig(machine, "heard.node"):
            yield from register(machine, view)
        return
    if not is_deleting(node):
        yield from report(machine, node, view)


def register(machine: Body, view: View) -> Writes:
    """The Node as the kubelet makes it, its first status in the same breath."""
    name, is_control_plane = machine["metadata"]["name"], machine["role"] == "control-plane"
    taints = [{"key": CONTROL_PLANE, "effect": "NoSchedule"}] if is_control_plane else []
    spec = {"taints": taints} if taints else {}
    body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels(machine)}, "spec": spec}
    node = yield Create("nodes", {**body, "status": status(machine, None, view)}, why="A kubelet registers its node.")
    if isinstance(node, dict):
        yield Update("machines", {**machine, "heard": {**(machine.get("heard") or {}), "node": uid_of(node)}})
        if not node.get("status", {}).get("conditions"):
            yield SetStatus("nodes", node, status(machine, None, view))
        yield Emit(node, "Normal", "Starting", "Starting kubelet.")
        yield Emit(node, "Normal", "NodeReady", f"Node {name} status is now: NodeReady")
        yield LookAgain(view.now + view.timings.status_report)


def report(machine: Body, node: Body, view: View) -> Writes:
    """One write when something is other than the API has it, or when the report is due."""
    name, old = machine["metadata"]["name"], node.get("status") or {}
    wanted = {**(node["metadata"].get("labels") or {}), **labels(machine)}
    if wanted != node["metadata"].get("labels"):
        answer = yield Update("nodes", {**node, "metadata": {**node["metadata"], "labels": wanted}})
        node = answer if isinstance(answer, dict) else node
    new = status(machine, old, view)
    rebooted = dig(old, "nodeInfo.bootID") not in (None, new["nodeInfo"]["bootID"])
    was_ready = is_ready(old)
    due = told_at(old) + view.timings.status_report
    soon = told_at(old) + min(UPDATE_FREQUENCY, view.timings.status_report)
    changed = _quiet(new, images=False) != _quiet(old, images=False)
    more_images = new["images"] != old.get("images")
    if changed or view.now >= due or (more_images and view.now >= soon):
        why, fault = _why(old, new, name, view) if changed else ("", None)
        yield SetStatus("nodes", node, new, because=fault, why=why)
        due = soon = view.now + view.timings.status_report
        more_images = False
    if rebooted:
        yield Emit(node, "Normal", "Starting", "Starting kubelet.")
        message = f"Node {name} has been rebooted, boot id: {new['nodeInfo']['bootID']}"
        yield Emit(node, "Warning", "Rebooted", message)
    if not was_ready:
        yield Emit(node, "Normal", "NodeReady", f"Node {name} status is now: NodeReady")
    for word in _turned(old, new):
        yield Emit(node, "Normal", word, f"Node {name} status is now: {word}")
    yield from say_if_schedulable(machine, node)
    yield LookAgain(soon if more_images else due)


def _why(old: Body, new: Body, name: str, view: View) -> tuple[str, Body | None]:
    """The condition that is another than before, for the log; a heartbeat needs no reason."""
    before = {one["type"]: one["status"] for one in old.get("conditions") or ()}
    for condition in new["conditions"]:
        if before.get(condition["type"], condition["status"]) != condition["status"]:
            fault = blaming.of_pressure(condition["type"], name, view) if condition["type"] in BAD else None
            return f"{condition['message']}.", fault
    return "", None


def _turned(old: Body, new: Body) -> Iterable[str]:
    """The words of the pressures that are other than before."""
    before = {one["type"]: one["status"] for one in old.get("conditions") or ()}
    for condition in new["conditions"]:
        type_, state = condition["type"], condition["status"]
        if before.get(type_) in ("True", "False") and before[type_] != state and (type_, state) in SAID:
            yield SAID[type_, state]


def say_if_schedulable(machine: Body, node: Body) -> Writes:
    """A cordon is the API's; the kubelet only tells that it has seen it."""
    heard, cordoned = machine.get("heard") or {}, bool(dig(node, "spec.unschedulable"))
    if cordoned != bool(heard.get("cordoned")):
        yield Update("machines", {**machine, "heard": {**heard, "cordoned": cordoned}})
        word = "NodeNotSchedulable" if cordoned else "NodeSchedulable"
        yield Emit(node, "Normal", word, f"Node {machine['metadata']['name']} status is now: {word}")


def labels(machine: Body) -> dict[str, str]:
    """What every kubelet puts on its Node, and the role."""
    own = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": machine["metadata"]["name"],
        "kubernetes.io/os": "linux",
    }
    if machine["role"] == "control-plane":
        own |= {CONTROL_PLANE: "", "node.kubernetes.io/exclude-from-external-load-balancers": ""}
    return own


def status(machine: Body, old: Body | None, view: View) -> Body:
    """The whole NodeStatus. Fields that others keep (volumes, config) stay."""
    room = {
        "cpu": machine["cpu"],
        "ephemeral-storage": EPHEMERAL_STORAGE,
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": machine["memory"],
        "pods": str(machine["pods"]),
    }
    room |= extended(old or {}, machine)
    name = machine["metadata"]["name"]
    return {
        **(old or {}),
        "capacity": room,
        "allocatable": room,
        "conditions": conditions((old or {}).get("conditions") or (), under(machine), view),
        "addresses": [{"type": "InternalIP", "address": machine["ip"]}, {"type": "Hostname", "address": name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": info(machine),
        "images": images(machine),
    }


def extended(old: Body, machine: Body) -> dict[str, str]:
    """What somebody advertised by hand (`example.com/dongle`) stays, but a kubelet that starts knows of none of it."""
    is_same_boot = dig(old, "nodeInfo.bootID") == machine["bootID"]
    held = (old.get("capacity") or {}).items()
    return {name: amount if is_same_boot else "0" for name, amount in held if "/" in name}


def conditions(old: Sequence[Body], pressures: Sequence[str], view: View) -> list[Body]:
    """Each with the time of its last change; what others set (NetworkUnavailable) is kept."""
    known, now = {condition["type"]: condition for condition in old}, rfc3339(view.now)
    own = []
    for type_, good, *words in GOOD:
        state, (reason, message) = ("True", BAD[type_]) if type_ in pressures else (good, words)
        before = known.pop(type_, None)
        since = before["lastTransitionTime"] if before and before["status"] == state else now
        times = {"lastHeartbeatTime": now, "lastTransitionTime": since}
        own.append({"type": type_, "status": state, **times, "reason": reason, "message": message})
    return [*known.values(), *own]


def info(machine: Body) -> Body:
    return {
        "architecture": "amd64",
        "bootID": machine["bootID"],
        "containerRuntimeVersion": f"containerd://{CONTAINERD}",
        "kernelVersion": "6.8.0-podium",
        "kubeProxyVersion": "",
        "kubeletVersion": KUBERNETES,
        "machineID": machine["metadata"]["uid"].replace("-", ""),
        "operatingSystem": "linux",
        "osImage": "Podium (simulated machine)",
        "systemUUID": machine["metadata"]["uid"],
    }


def images(machine: Body) -> list[Body]:
    """What is on the disk, the largest first, fifty at most (nodeStatusMaxImages)."""
    held = sorted(machine["images"].items(), key=lambda item: (-item[1], item[0]))
    return [{"names": [name], "sizeBytes": size} for name, size in held[:50]]


def is_ready(status_: Body) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in status_.get("conditions") or ())


def told_at(status_: Body) -> int:
    """When the kubelet last wrote this status; 0 when it never did."""
    for condition in status_.get("conditions") or ():
        if condition["type"] == "Ready" and condition.get("lastHeartbeatTime"):
            return parse(condition["lastHeartbeatTime"])
    return 0


def _quiet(status_: Body, *, images: bool) -> Body:
    """The status without what moves by itself."""
    own = {type_ for type_, *_ in GOOD}
    stable = [(c["type"], c["status"], c.get("reason")) for c in status_.get("conditions") or () if c["type"] in own]
    kept = {name: value for name, value in status_.items() if images or name != "images"}
    return {**kept, "conditions": sorted(stable)}
