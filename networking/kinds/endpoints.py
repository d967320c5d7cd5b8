"""The addresses behind a Service in one list (Kubernetes: Endpoints, deprecated since 1.33)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

ENDPOINTS = Kind(
    "v1",
    "Endpoints",
    "endpoints",
    short=("ep",),
    columns=framed(),
)
