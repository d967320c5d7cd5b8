"""What a pod's containers have written to their shared volumes, as it stands on the machine's disk."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from workloads.runtime import container as runtime


def saved(box: Body, name: str, run: Body) -> dict[str, Any]:
    """The sandbox's `disks` with what this container has written to them; the same object when it wrote nothing."""
    disks: dict[str, Any] = box["disks"]
    for path, volume in (box.get("places") or {}).get(name, {}).items():
        files = runtime.volume(run, path)
        if files != disks[volume]:
            disks = {**disks, volume: files}
    return disks
