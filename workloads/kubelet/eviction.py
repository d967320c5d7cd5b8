"""A node that runs short of memory or disk: it says so, and pods go (Kubernetes: Node-pressure Eviction, SystemOOM)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from clusters.kinds.body import Body, Key, is_deleting
from clusters.kinds.quantity import canonical
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller
from clusters.reconcile.faults import nodes_hit
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, Update
from workloads.kubelet import blaming
from workloads.kubelet.measuring import disk_of, measured, memory_of
from workloads.kubelet.mirror import is_static
from workloads.kubelet.pressure import Signal, signals
from workloads.kubelet.ranking import Tenant, amount, first_to_die, greedy, ranked
from workloads.kubelet.work import box_key
from workloads.kubelet.writes import Told, Writes
from workloads.runtime import container as runtime

INTERVAL = 10 * SECOND  # the eviction manager's monitoring interval
GRACE = 1  # seconds that a hard threshold leaves


class Held:
    """What the sandboxes of each node hold, in bytes."""

    resources = ("sandboxes",)

    def __init__(self) -> None:
        self.memory: defaultdict[str, int] = defaultdict(int)
        self.disk: defaultdict[str, int] = defaultdict(int)

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "sandboxes":
            for box, sign in ((new, 1), (old, -1)):
                if box is not None:
                    node = box["metadata"]["namespace"]
                    self.memory[node] += sign * memory_of(box)
                    self.disk[node] += sign * disk_of(box)


def when_it_is_short(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The sandbox's machine, where it has little left or had so before."""
    box = new or old
    assert box is not None
    key = Key("", box["metadata"]["namespace"])
    machine = view.get("machines", key)
    return (key,) if machine is not None and (machine.get("pressure") or _met(machine, view)) else ()


CONTROLLER = Controller(
    "kubelet-eviction",
    primary="machines",
    watches={"sandboxes": when_it_is_short, "faults": nodes_hit},
    cache=Held,
    actor=lambda key, _: f"kubelet/{key.name}",
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """Nothing while there is enough of everything; else the condition, and one pod after the other."""
    machine = view.get("machines", key)
    if machine is None or machine["power"] != "on":
        return
    met = _met(machine, view)
    if not met and not machine.get("pressure"):
        return
    node = view.get("nodes", key)
    if met and met[0].resource == "memory" and node is not None:
        yield from out_of_memory(met[0], machine, node, view)
        met = _met(machine, view)
    machine = yield from observe(met, machine, view)
    if met and node is not None:
        yield from reclaim(met[0], machine, node, view)


def _met(machine: Body, view: View) -> list[Signal]:
    name, held = machine["metadata"]["name"], view.cache
    return [one for one in signals(machine, held.memory[name], held.disk[name], view) if one.is_met]


def observe(met: Sequence[Signal], machine: Body, view: View) -> Told[Body]:
    """A condition comes with its threshold, and stays for a while after it was last met."""
    known: Body = machine.get("pressure") or {}
    seen = {one.condition: view.now for one in met}
    transition = view.timings.pressure_transition
    kept = {name: at for name, at in known.items() if name not in seen and view.now < at + transition}
    # a time that is told again and again would be a write each time: to the interval is enough
    new = kept | {name: known[name] if view.now < known.get(name, 0) + INTERVAL else at for name, at in seen.items()}
    if new != known:
        changed = {**machine, "pressure": new} if new else {n: v for n, v in machine.items() if n != "pressure"}
        yield Update("machines", changed, why="What the machine has left is another than before.")
        machine = changed
    for name, at in new.items():
        yield LookAgain(view.now + INTERVAL if name in seen else at + transition)
    return machine


def out_of_memory(signal: Signal, machine: Body, node: Body, view: View) -> Writes:
    """More is used than there is: the kernel does not wait for the kubelet."""
    name = machine["metadata"]["name"]
    while signal.available == 0:
        victim = first_to_die(tenants(name, view), signal.capacity)
        if victim is None:
            return
        (pod, box), container = victim
        held = box["containers"][container]
        process = min(held["run"]["processes"].values(), key=lambda one: int(one["pid"]))
        words = str((process.get("argv") or [container])[0]).rpartition("/")[2]
        run = runtime.oom(held["run"], view.now)
        dead = {**box, "containers": {**box["containers"], container: {**held, "run": run}}}
        yield Update("sandboxes", measured(dead, box), because=pod, why="The machine was out of memory.")
        told = f"System OOM encountered, victim process: {words}, pid: {process['pid']}"
        yield Emit(node, "Warning", "SystemOOM", told)
        signal = next(iter(signals(machine, view.cache.memory[name], view.cache.disk[name], view)))


def reclaim(signal: Signal, machine: Body, node: Body, view: View) -> Writes:
    """Images that nobody uses, then one pod; the next one only when the last has ended."""
    name = machine["metadata"]["name"]
    everybody = tenants(name, view)
    if any(one.box.get("ended") and one.box["running"] for one in everybody):
        return
    yield Emit(node, "Warning", "EvictionThresholdMet", f"Attempting to reclaim {signal.resource}")
    if signal.resource == "ephemeral-storage":
        used = {one.get("image") for tenant in everybody for one in tenant.box["containers"].values()}
        images = {image: size for image, size in machine["images"].items() if image in used}
        if images != machine["images"]:
            yield Update("machines", {**machine, "images": images}, why="Unused images were deleted.")
            return
    chosen = next((one for one in ranked(everybody, signal.resource) if not is_static(one.pod)), None)
    if chosen is None:
        return
    least = signal.told if signal.resource != "ephemeral-storage" else canonical(signal.told)
    left = str(signal.available) if signal.resource == "pids" else amount(signal.available)
    message = f"The node was low on resource: {signal.resource}. "
    message += f"Threshold quantity: {least}, available: {left}. "
    message += greedy(chosen, signal.resource) if signal.resource != "pids" else ""
    yield from evict(chosen, message, blaming.of_pressure(signal.condition, name, view))


def evict(chosen: Tenant, message: str, fault: Body | None) -> Writes:
    """Its kubelet ends it, and it stays as Failed."""
    pod, box = chosen
    ended: Body = {"reason": "Evicted", "message": message, "grace": GRACE}
    ended |= {"fault": blaming.named(fault)} if fault else {}
    said = {**box, "ended": ended, "disrupted": ["TerminationByKubelet", message]}
    yield Update("sandboxes", said, because=fault or pod, why="The node ran short.")
    yield Emit(pod, "Warning", "Evicted", message, because=pod)


def tenants(name: str, view: View) -> list[Tenant]:
    """The pods that take part: those that run here, with their sandboxes."""
    found = []
    for pod in view.on_node(name):
        box = view.get("sandboxes", box_key(pod))
        if box is not None and not box.get("over") and not (is_deleting(pod) and not box["running"]):
            found.append(Tenant(pod, box))
    return found
