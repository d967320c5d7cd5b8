"""DNSDown: the cluster's name servers answer nothing (Kubernetes: DNS for Services and Pods)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

DNS_DOWN = FaultType(
    "DNSDown",
    target="cluster",
    group="Network",
    title="DNS down",
    happens="CoreDNS runs, and no question to it is answered.",
    look_for="Requests by name fail after the resolver’s patience, requests by address go on. All pods are Running and "
    "Ready.",
    heals="Delete the fault: the next question is answered.",
)
