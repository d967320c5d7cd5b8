"""What a pod's containers have written to their volumes, as it stands on the machine's disk or on a disk of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Update
from workloads.kubelet.lasting import disk_key, new_disk
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

Files = Mapping[str, str]


def holders(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The pods that have this disk among their volumes."""
    disk = new or old
    found: Iterable[Key] = view.cache.pods_holding(key_of(disk)) if disk else ()
    return found


def is_behind(box: Body, view: View) -> bool:
    """Somebody else has written to one of its disks since it looked."""
    seen = box.get("seen") or {}
    return any(_version(view.get("disks", disk_key(at))) != seen.get(name) for name, at in _lasting(box).items())


def news(work: Work) -> list[str]:
    """The volumes to whose disks somebody else has written since the last look; they count as seen from now on."""
    found = []
    for name, at in _lasting(work.box).items():
        version = _version(work.disk(disk_key(at)))
        if version != (work.box.get("seen") or {}).get(name):
            work.box["seen"] = {**(work.box.get("seen") or {}), name: version}
            found.append(name)
    return found


def is_kept(work: Work, name: str) -> bool:
    """What is written to the volume outlives the container."""
    return name in work.box.get("disks", {}) or name in _lasting(work.box)


def held(work: Work, name: str) -> Files:
    """What the volume holds now."""
    if name in work.box.get("disks", {}):
        found: Files = work.box["disks"][name]
        return found
    at = work.box["volumes"][name]
    disk = work.disk(disk_key(at))
    return inner(disk["files"], at["path"]) if disk else {}


def keep(work: Work, name: str, part: str, files: Files) -> list[str]:
    """Write to the volume, or to a part of it; gives the volumes that hold something else now: none if it was so."""
    before = held(work, name)
    after = outer(before, part, files)
    if after == before:
        return []
    if name in work.box.get("disks", {}):
        work.box["disks"] = {**work.box["disks"], name: after}
        return [name]
    at = work.box["volumes"][name]
    key = disk_key(at)
    disk = work.disk(key) or new_disk(key)
    version = _version(disk) + 1
    work.disks[key] = {**disk, "files": outer(disk["files"], at["path"], after), "version": version}
    beside = [volume for volume, other in _lasting(work.box).items() if disk_key(other) == key]
    work.box["seen"] = {**(work.box.get("seen") or {}), **dict.fromkeys(beside, version)}
    return beside


def write(work: Work) -> Writes:
    """The disks that were written to in this look."""
    for key in sorted(work.disks):
        known = work.view.get("disks", key)
        made = work.disks[key]
        yield Update("disks", made, because=work.pod) if known else Create("disks", made, because=work.pod)
    work.disks.clear()


def inner(files: Files, path: str) -> Files:
    """What is below a path; of a file its text at ""."""
    if not path:
        return files
    if path in files:
        return {"": files[path]}
    start = f"{path}/"
    return {name[len(start) :]: text for name, text in files.items() if name.startswith(start) and name != start}


def outer(files: Files, path: str, part: Files) -> dict[str, str]:
    """The files with this below the path, and nothing else there. An empty folder stands as `name/`."""
    if not path:
        return dict(part)
    others = {name: text for name, text in files.items() if name != path and not name.startswith(f"{path}/")}
    if "" in part:
        return {**others, path: part[""]}
    below = {f"{path}/{name}": text for name, text in part.items()}
    return {**others, **(below or {f"{path}/": ""})}


def saved(box: Body, name: str, run: Body) -> dict[str, Any]:
    """The sandbox's `disks` with what this container has written to them; the same object when it wrote nothing."""
    disks: dict[str, Any] = box["disks"]
    for path, (volume, part) in (box.get("places") or {}).get(name, {}).items():
        if volume in disks:
            files = outer(disks[volume], part, runtime.volume(run, path))
            if files != disks[volume]:
                disks = {**disks, volume: files}
    return disks


def _lasting(box: Body) -> Mapping[str, Body]:
    return box.get("volumes") or {}


def _version(disk: Body | None) -> int:
    return int(disk.get("version", 0)) if disk else 0
