"""Settings that are nobody else's business (Kubernetes: Secrets)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

SECRET = Kind(
    "v1",
    "Secret",
    "secrets",
    columns=framed(),
)
