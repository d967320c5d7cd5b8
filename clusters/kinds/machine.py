"""A machine as it truly is: power, disk, what its kubelet heard last. Never served."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.kind import Kind

MACHINE = Kind(
    "machine.podium.dev/v1",
    "Machine",
    "machines",
    namespaced=False,
    word=lambda machine: str(machine.get("power") or ""),
    served=False,
)


def hears_api(machine: Body | None) -> bool:
    """Whether its kubelet and the API server reach each other: it has power, is not frozen and not cut off."""
    return machine is not None and machine.get("power") == "on" and not machine.get("cut")


def has_changed(new: Body, old: Body | None) -> bool:
    """Whether its power, its way to the API or what it heard of its Node is another than before."""
    return old is None or any(new.get(name) != old.get(name) for name in ("power", "cut", "heard"))
