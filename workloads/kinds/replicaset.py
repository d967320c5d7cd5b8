"""So many pods of one template (Kubernetes: ReplicaSet)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

REPLICASET = Kind(
    "apps/v1",
    "ReplicaSet",
    "replicasets",
    short=("rs",),
    categories=("all",),
    subresources=("status", "scale"),
    generation=True,
    columns=framed(),
)
