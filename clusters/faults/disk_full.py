"""DiskFull: something else fills a machine's disk (Kubernetes: DiskPressure, node-pressure eviction)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

DISK_FULL = FaultType(
    "DiskFull",
    target="node",
    group="Machines",
    title="Fill a machine’s disk",
    happens="Something that is no pod fills the machine's disk: only 4 % of it are left.",
    look_for="The node has DiskPressure and its taint; unused images go, then its pods are evicted one by one.",
    heals="Delete the fault: after the transition period the condition goes, and pods may come again.",
)
