"""A template that can be rolled out and back (Kubernetes: Deployments)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

DEPLOYMENT = Kind(
    "apps/v1",
    "Deployment",
    "deployments",
    short=("deploy",),
    categories=("all",),
    subresources=("status", "scale"),
    generation=True,
    columns=framed(),
)
