"""PIDPressure: a fork bomb beside the pods (Kubernetes: node-pressure eviction, pid.available)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PID_PRESSURE = FaultType(
    "PIDPressure",
    target="node",
    group="Machines",
    title="Use up process numbers",
    happens="Something that is no pod takes nearly all process numbers of the machine: 4 % are left.",
    look_for="The node has PIDPressure and its taint; its pods are evicted by priority.",
    heals="Delete the fault: after the transition period the condition goes, and pods may come again.",
)
