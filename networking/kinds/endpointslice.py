"""The addresses behind a Service, a hundred at a time (Kubernetes: EndpointSlices)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

ENDPOINTSLICE = Kind(
    "discovery.k8s.io/v1",
    "EndpointSlice",
    "endpointslices",
    columns=framed(),
)
