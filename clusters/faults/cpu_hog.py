"""CPUHog: a container that spins (Kubernetes: CPU limits, HorizontalPodAutoscaler)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CPU_HOG = FaultType(
    "CPUHog",
    target="container",
    group="Containers",
    title="Burn CPU",
    happens="The container uses all the CPU that its limit allows (a whole core without one), and answers half a "
    "second late.",
    look_for="kubectl top and a HorizontalPodAutoscaler see it: more replicas come. Nothing is restarted.",
    heals="Delete the fault.",
)
