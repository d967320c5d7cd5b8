"""A machine as it truly is: power, disk, what its kubelet heard last. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

MACHINE = Kind(
    "machine.podium.dev/v1",
    "Machine",
    "machines",
    namespaced=False,
    word=lambda machine: str(machine.get("power") or ""),
    served=False,
)
