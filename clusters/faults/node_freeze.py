"""NodeFreeze: a machine hangs (Kubernetes: Node heartbeats, taint-based eviction)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

NODE_FREEZE = FaultType(
    "NodeFreeze",
    target="node",
    group="Machines",
    title="Freeze a machine",
    happens="The machine hangs: nothing on it runs, answers or is reported, and nothing is forgotten.",
    look_for="As with a crash the lease grows old, the node is NotReady, and its pods are replaced elsewhere; but no "
    "container is restarted.",
    heals="Delete the fault: the machine goes on where it stood, and its kubelet ends the pods that were deleted "
    "meanwhile.",
)
