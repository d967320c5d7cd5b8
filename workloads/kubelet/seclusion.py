"""A kubelet that does not reach the API: it goes on with what it last heard (Kubernetes: Nodes, partitions)."""

from __future__ import annotations

from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.reconcile.faults import is_cut_off
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, Update, Write
from workloads.kubelet.work import box_key
from workloads.kubelet.writes import Writes


def follow(key: Key, view: View) -> Writes:
    """The machine is cut off, or hears again. Its pods are kept as they were heard of last."""
    machine = view.get("machines", key)
    if machine is None or machine["power"] != "on":
        return
    is_cut = is_cut_off(view, key.name)
    if is_cut and not machine.get("cut"):
        yield Update("machines", {**machine, "cut": view.now}, why="It reaches no API server.")
        for pod in view.on_node(key.name):
            box = view.get("sandboxes", box_key(pod))
            if box is not None and not box.get("over"):
                yield Update("sandboxes", {**box, "known": pod}, why="All that its kubelet knows of the pod.")
    elif machine.get("cut") and not is_cut:
        heard = {name: value for name, value in machine.items() if name != "cut"}
        yield Update("machines", heard, why="It reaches an API server again.")
        for box in view.list("sandboxes", key.name):
            if "known" in box:
                kept = {name: value for name, value in box.items() if name != "known"}
                yield Update("sandboxes", kept, why="Its kubelet hears of the pod again.")


def unheard(writes: Writes) -> Writes:
    """What reaches the machine only: nothing of it comes to the API."""
    answer: Body | Status | None = None
    while True:
        try:
            write = writes.send(answer)
        except StopIteration:
            return
        answer = (yield write) if _stays(write) else None


def _stays(write: Write) -> bool:
    if isinstance(write, Emit):
        return False
    if isinstance(write, Create | Update | Delete):
        return write.resource in ("machines", "sandboxes", "disks", "proxies", "faults")
    return True
