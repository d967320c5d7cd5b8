"""What truly runs of a pod on its machine: processes, probe counters, files. Never served. Namespace: the node."""

from __future__ import annotations

from clusters.kinds.kind import Kind

SANDBOX = Kind("machine.podium.dev/v1", "Sandbox", "sandboxes", served=False)
