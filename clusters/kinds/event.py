"""What a component had to say about an object (Kubernetes: Event, events/v1 through core/v1)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

EVENT = Kind(
    "v1",
    "Event",
    "events",
    short=("ev",),
    columns=framed(),
)
