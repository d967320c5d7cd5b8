"""MemoryPressure: something else eats a machine's memory (Kubernetes: node-pressure eviction)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

MEMORY_PRESSURE = FaultType(
    "MemoryPressure",
    target="node",
    group="Machines",
    title="Eat a machine’s memory",
    happens="Something that is no pod holds almost all of the machine’s memory: 50 MiB are left.",
    look_for="The node has MemoryPressure and its taint; its pods are evicted one by one, those that use more than "
    "they requested first.",
    heals="Delete the fault: after the transition period the condition goes, and pods may come again.",
)
