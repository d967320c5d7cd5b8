"""One address for many pods (Kubernetes: Service)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

SERVICE = Kind(
    "v1",
    "Service",
    "services",
    short=("svc",),
    categories=("all",),
    subresources=("status",),
    columns=framed(),
    name_rule="label",
)
