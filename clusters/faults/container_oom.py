"""ContainerOOM: the kernel ends a container (Kubernetes: OOMKilled, exit code 137)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CONTAINER_OOM = FaultType(
    "ContainerOOM",
    target="container",
    group="Containers",
    title="Out of memory",
    moment=True,
    happens="The kernel ends the container’s processes, as when it has reached its memory limit.",
    look_for="Its last state is OOMKilled with exit code 137. It is restarted at once the first time, then after its "
    "back-off.",
    heals="Nothing to heal: it fires once.",
)
