"""SlowStart: an application needs long to begin (Kubernetes: startup probes)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

SLOW_START = FaultType(
    "SlowStart",
    target="container",
    group="Containers",
    title="Start slowly",
    happens="Containers that start from now on need 40 seconds more before they listen.",
    look_for="Without a startup probe an impatient liveness probe restarts them before they are up, again and again; a "
    "rollout stands still meanwhile.",
    heals="Delete the fault: the next start is as quick as before.",
)
