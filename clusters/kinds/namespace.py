"""A room of its own for names (Kubernetes: Namespaces)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

NAMESPACE = Kind(
    "v1",
    "Namespace",
    "namespaces",
    namespaced=False,
    short=("ns",),
    subresources=("status", "finalize"),
    columns=framed(),
    name_rule="label",
)
