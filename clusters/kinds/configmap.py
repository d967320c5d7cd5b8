"""Settings that are no secret (Kubernetes: ConfigMaps)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

CONFIGMAP = Kind(
    "v1",
    "ConfigMap",
    "configmaps",
    short=("cm",),
    columns=framed(),
)
