"""Something that is broken on purpose, until this object is deleted."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

FAULT = Kind(
    "podium.dev/v1",
    "Fault",
    "faults",
    namespaced=False,
    subresources=("status",),
    columns=framed(),
)
