"""ZoneOutage: every machine of a zone loses power (Kubernetes: topology spread, zone-aware eviction)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

ZONE_OUTAGE = FaultType(
    "ZoneOutage",
    target="zone",
    group="Machines",
    title="A zone goes dark",
    happens="All machines whose node has this topology.kubernetes.io/zone lose power at once.",
    look_for="Workloads that are spread over zones go on with what is left; the others are gone until they are evicted "
    "and find room elsewhere.",
    heals="Delete the fault: the machines boot, and their containers start again.",
)
