"""What a volume truly holds, by its PersistentVolume's name; or a machine's own disk, by its node. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

DISK = Kind("machine.podium.dev/v1", "Disk", "disks", served=False)
