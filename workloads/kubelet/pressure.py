"""How much a machine has left, and what is too little (Kubernetes: Node-pressure Eviction, eviction signals)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clusters.kinds.body import Body
from clusters.reconcile.view import View
from workloads.kubelet.metrics import SYSTEM
from workloads.kubelet.resources import whole

EPHEMERAL_STORAGE = "61255492Ki"
MEMORY_LEAST = 100 * 1024 * 1024  # --eviction-hard memory.available<100Mi
DISK_LEAST = 10  # nodefs.available<10%
DISK_FULL = 4  # per cent that are left where a fault fills the disk
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")
EATEN = 50 * 1024 * 1024  # bytes of memory that a fault leaves
PIDS, PIDS_LEAST, PIDS_LEFT = 32768, 10, 4  # kernel.pid_max; pid.available<10%; per cent that a fault leaves


class Signal(NamedTuple):
    """One eviction signal: the condition it raises, the resource, what there is and what is left of it."""

    condition: str
    resource: str
    capacity: int
    available: int
    least: int
    told: str  # the threshold as it was configured

    @property
    def is_met(self) -> bool:
        return self.available < self.least


def signals(machine: Body, memory: int, disk: int, view: View) -> Iterator[Signal]:
    """`memory` and `disk`: bytes that the pods hold."""
    room = whole(machine["memory"])
    left = max(room - SYSTEM.memory - memory, 0)
    if view.hit_by("MemoryPressure", node=machine["metadata"]["name"]):
        left = max(min(left, EATEN), 1)
    yield Signal("MemoryPressure", "memory", room, left, MEMORY_LEAST, "100Mi")
    space = whole(EPHEMERAL_STORAGE)
    free = space - disk - sum(machine["images"].values())
    if view.hit_by("DiskFull", node=machine["metadata"]["name"]):
        free = min(free, space * DISK_FULL // 100)
    least = space * DISK_LEAST // 100
    yield Signal("DiskPressure", "ephemeral-storage", space, max(free, 0), least, str(least))
    if view.hit_by("PIDPressure", node=machine["metadata"]["name"]):
        least = PIDS * PIDS_LEAST // 100
        yield Signal("PIDPressure", "pids", PIDS, PIDS * PIDS_LEFT // 100, least, str(least))


def under(machine: Body) -> list[str]:
    """The conditions that the kubelet tells of its node now."""
    return [name for name in PRESSURES if name in (machine.get("pressure") or {})]
