"""The machines under the nodes: they join, lose power, boot and leave (no Kubernetes concept: the hardware)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Body, Key, dig, uid_of
from clusters.reconcile.component import Controller
from clusters.reconcile.faults import nodes_hit, struck
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, SetStatus, Update
from workloads.kubelet import seclusion
from workloads.kubelet.addresses import Addresses
from workloads.kubelet.disks import saved
from workloads.kubelet.lasting import HOST
from workloads.kubelet.writes import Writes

FIRST_ADDRESS, LAST_ADDRESS = "192.168.49.2", "192.168.63.254"
FORGOTTEN = ("run", "kill", "hook", "probes", "asking", "ready", "started", "pull", "pulled", "pullBackoff", "backoff",
             "until", "retry", "killed")  # fmt: skip
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


class Wires:
    """The machines' addresses in use."""

    resources = ("machines",)

    def __init__(self) -> None:
        self.addresses = Addresses()

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "machines":
            if new and new.get("ip"):
                self.addresses.take(new["ip"])
            if old and old.get("ip"):
                self.addresses.give_back(old["ip"])


def by_name(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A Node that came or went; what its status says is no matter of the hardware."""
    changed = new or old
    return (Key("", changed["metadata"]["name"]),) if changed and not (new and old) else ()


CONTROLLER = Controller(
    "machine",
    primary="machines",
    watches={"nodes": by_name, "faults": nodes_hit},
    cache=Wires,
    actor=lambda key, _: f"machine/{key.name}",
)


def reconcile(key: Key, view: View) -> Writes:
    """One machine: there when its Node is, with power unless a NodeCrash took it."""
    machine, node = view.get("machines", key), view.get("nodes", key)
    if machine is None:
        if node is not None:
            yield Create("machines", joined(node, view), because=node, why="A Node without a machine: one joins.")
    elif node is None and dig(machine, "heard.node"):
        yield from leave(machine, view)
    elif crash := view.hit_by("NodeCrash", node=key.name) or view.hit_by("ZoneOutage", node=key.name):
        if machine["power"] != "off":
            yield from power_off(machine, crash, view)
    elif reboot := view.hit_by("NodeReboot", node=key.name):
        yield from restart(machine, reboot, view)
    elif (freeze := view.hit_by("NodeFreeze", node=key.name)) and machine["power"] in ("on", "frozen"):
        if machine["power"] == "on":
            yield Update("machines", {**machine, "power": "frozen", "since": view.now}, because=freeze, why="It hangs.")
    else:  # what has to boot hangs when it has
        yield from power_on(machine, view)
        yield from seclusion.follow(key, view)


def joined(node: Body, view: View) -> Body:
    """The machine for a Node that somebody else made."""
    name = node["metadata"]["name"]
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Machine",
        "metadata": {"name": name},
        "role": "control-plane" if CONTROL_PLANE in (node["metadata"].get("labels") or {}) else "worker",
        "power": "on",
        "bootID": view.random.uid(),
        "bootedAt": view.now,
        "ip": view.cache.addresses.lowest_free(FIRST_ADDRESS, LAST_ADDRESS) or "",
        "cpu": "4",
        "memory": "8Gi",
        "pods": 110,
        "images": {},
        "heard": {"node": uid_of(node)},
    }


def leave(machine: Body, view: View) -> Writes:
    """The Node was deleted: the machine goes, and all that ran on it."""
    for sandbox in view.list("sandboxes", machine["metadata"]["name"]):
        yield Delete("sandboxes", sandbox, why="Its machine was taken away.")
    disk = view.get("disks", Key(machine["metadata"]["name"], HOST))
    if disk is not None:
        yield Delete("disks", disk, why="Its machine was taken away.")
    yield Delete("machines", machine, why="Its Node was deleted.")


def restart(machine: Body, reboot: Body, view: View) -> Writes:
    """Off and on again, once; what has no power at this moment is missed."""
    runs = machine["power"] in ("on", "frozen")
    hit = struck(reboot, {"node": machine["metadata"]["name"]}, view.now, missed=not runs)
    yield SetStatus("faults", reboot, hit, because=reboot)
    if runs:
        yield from power_off(machine, reboot, view)


def power_off(machine: Body, crash: Body, view: View) -> Writes:
    """Processes and memory are gone, disks stay: images, logs and how often each container was started."""
    kept = {name: value for name, value in machine.items() if name != "pressure"}
    off = {**kept, "power": "off", "since": view.now}
    yield Update("machines", off, because=crash, why="Its power is off.")
    for sandbox in view.list("sandboxes", machine["metadata"]["name"]):
        yield Update("sandboxes", powerless(sandbox, view), because=crash, why="The machine lost power.")


def powerless(sandbox: Body, view: View) -> Body:
    """A sandbox after its machine lost power; what its containers had written to volumes is on the disk."""
    disks = sandbox.get("disks")
    for name, container in sandbox["containers"].items():
        if disks is not None and container.get("run"):
            disks = saved({**sandbox, "disks": disks}, name, container["run"])
    containers = {name: without_memory(container) for name, container in sandbox["containers"].items()}
    lost = {**sandbox, "containers": containers, "running": [], "holds": {}, "lost": view.now}
    lost.pop("known", None)
    lost.pop("pulling", None)
    return {**lost, "disks": disks} if disks is not None else lost


def without_memory(container: Body) -> Body:
    """What is left of a container when the power goes. Pulls, back-offs and probes were the kubelet's memory, too."""
    return {**{name: value for name, value in container.items() if name not in FORGOTTEN}, "run": None}


def power_on(machine: Body, view: View) -> Writes:
    """From off to booting, from booting to on; a machine that has never run gets its address and boot ID."""
    if machine["power"] == "off":
        booting = {**machine, "power": "booting", "since": view.now}
        yield Update("machines", booting, why="The power is back.")
        yield LookAgain(view.now + view.timings.boot)
    elif machine["power"] == "booting":
        ready = machine["since"] + view.timings.boot
        if view.now < ready:
            yield LookAgain(ready)
            return
        up = {**machine, "power": "on", "since": view.now, "bootID": view.random.uid(), "bootedAt": view.now}
        yield Update("machines", up, why="It has booted.")
    elif machine["power"] == "frozen":
        yield Update("machines", {**machine, "power": "on", "since": view.now}, why="It goes on where it stood.")
    elif not (machine.get("bootID") and machine.get("ip")):
        address = machine.get("ip") or view.cache.addresses.lowest_free(FIRST_ADDRESS, LAST_ADDRESS) or ""
        first = {**machine, "ip": address, "bootID": view.random.uid(), "bootedAt": view.now}
        yield Update("machines", first, why="Its first boot.")
