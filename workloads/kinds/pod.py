"""One or more containers that live and die together (Kubernetes: Pods)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

POD = Kind(
    "v1",
    "Pod",
    "pods",
    short=("po",),
    categories=("all",),
    subresources=("status", "log", "eviction", "binding"),
    generation=True,
    columns=framed(),
)
