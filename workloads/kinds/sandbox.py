"""What truly runs of a pod on its machine: processes, probe counters, files. Never served."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

SANDBOX = Kind(
    "machine.podium.dev/v1",
    "Sandbox",
    "sandboxes",
    served=False,
    columns=framed(),
)
