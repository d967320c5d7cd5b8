"""A heartbeat, or who leads (Kubernetes: Leases)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

LEASE = Kind(
    "coordination.k8s.io/v1",
    "Lease",
    "leases",
    columns=framed(),
)
