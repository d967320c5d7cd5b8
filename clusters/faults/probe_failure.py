"""ProbeFailure: a health check that is wrong (Kubernetes: probes)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PROBE_FAILURE = FaultType(
    "ProbeFailure",
    target="container",
    group="Containers",
    title="Fail a probe",
    options=("probe",),
    happens="The probe that you choose (readiness, liveness or startup) fails each time, though the application works.",
    look_for="Readiness: no endpoint any more, and requests stop coming. Liveness: restarts, then CrashLoopBackOff. "
    "Without such a probe nothing happens.",
    heals="Delete the fault: the next look succeeds.",
)
