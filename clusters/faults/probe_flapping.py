"""ProbeFlapping: a health check that cannot decide (Kubernetes: failureThreshold, successThreshold)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PROBE_FLAPPING = FaultType(
    "ProbeFlapping",
    target="container",
    group="Containers",
    title="A probe that flaps",
    options=("probe",),
    happens="The probe that you choose fails for 40 seconds, then succeeds for 40, and so on.",
    look_for="Endpoints come and go, and with them the load on the others. A higher failureThreshold would hide it.",
    heals="Delete the fault: the next look succeeds.",
)
