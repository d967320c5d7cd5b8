"""What a sandbox's containers hold of their machine: memory and disk, kept beside them (kubelet: stats provider)."""

from __future__ import annotations

from clusters.kinds.body import Body
from workloads.runtime import container as runtime


def measured(box: Body, old: Body | None) -> Body:
    """The sandbox with `holds`: container -> [bytes of memory, bytes of disk]. Only changed runs are measured."""
    before = (old or {}).get("holds") or {}
    found = {}
    for name, container in box["containers"].items():
        run = container.get("run")
        if run is None:
            continue
        known = old["containers"].get(name) if old is not None else None
        if known is not None and known.get("run") is run and name in before:
            found[name] = before[name]
        else:
            found[name] = [runtime.usage(run)["memory"], runtime.written(run)]
    return box if found == box.get("holds", {}) else {**box, "holds": found}


def memory_of(box: Body) -> int:
    return sum(int(held[0]) for held in box.get("holds", {}).values())


def disk_of(box: Body) -> int:
    """Its containers' own files and its emptyDirs'."""
    shared = sum(len(text) for files in box.get("disks", {}).values() for text in files.values())
    return shared + sum(int(held[1]) for held in box.get("holds", {}).values())
