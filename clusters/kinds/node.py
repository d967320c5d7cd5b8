"""A machine as the cluster believes it to be (Kubernetes: Nodes)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

NODE = Kind(
    "v1",
    "Node",
    "nodes",
    namespaced=False,
    short=("no",),
    subresources=("status",),
    columns=framed(),
)
