"""Volumes that can be written to: what one container writes is there for all (Kubernetes: emptyDir, claims)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clusters.kinds.body import Body, dig
from clusters.kinds.quantity import memory_bytes
from workloads.kubelet import disks
from workloads.kubelet.environment import Unresolved, expand
from workloads.kubelet.volumes import SEALED, Files, modes, part_of, volumes
from workloads.kubelet.work import Work
from workloads.runtime import container as runtime
from workloads.runtime.files import SPACE


def mounts(work: Work, spec: Body, env: Mapping[str, str]) -> dict[str, Files]:
    """All that a new container sees mounted: path -> files. Raises Unmounted, Unresolved."""
    if not spec.get("volumeMounts"):
        return {}
    held, found, places = volumes(work), {}, {}
    for mount in spec["volumeMounts"]:
        name, path, part = mount["name"], mount["mountPath"].rstrip("/") or "/", sub_path(mount, env)
        if disks.is_kept(work, name):
            found[path] = disks.inner(disks.held(work, name), part)
            if part and not found[path]:  # the kubelet makes the folder
                show(work, disks.keep(work, name, part, {}))
            places[path] = [name, part]
        else:
            found[path] = part_of(held.get(name, {}), part)
    if places:
        work.box["places"] = {**(work.box.get("places") or {}), spec["name"]: places}
    return found


def about(work: Work, spec: Body, env: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What the container's files know of its mounts: the room on each, whose it is, and the modes of what is in it."""
    known = {volume["name"]: volume for volume in work.spec.get("volumes") or ()}
    found = {}
    for mount in spec.get("volumeMounts") or ():
        volume = known.get(mount["name"], {})
        told = {**modes(volume, sub_path(mount, env)), **_room(work, volume), **_ownership(work, volume)}
        if told:
            found[mount["mountPath"].rstrip("/") or "/"] = told
    return found


def sealed(work: Work, spec: Body) -> Body:
    """The container's spec, with what Kubernetes itself writes to a pod mounted for reading only."""
    names = [one["name"] for one in work.spec.get("volumes") or () if any(one.get(kind) for kind in SEALED)]
    given = spec.get("volumeMounts") or ()
    if not any(mount["name"] in names and not mount.get("readOnly") for mount in given):
        return spec
    closed = [{**mount, "readOnly": True} if mount["name"] in names else mount for mount in given]
    return {**spec, "volumeMounts": closed}


def prepare(work: Work) -> None:
    """An empty folder for each emptyDir, for as long as the pod is on its machine."""
    names = [volume["name"] for volume in work.spec.get("volumes") or () if "emptyDir" in volume]
    if names:
        work.box["disks"] = {name: {} for name in names}


def spread(work: Work, name: str, run: Body) -> None:
    """Keep what one container wrote, and show it to the others."""
    places, changed = work.box["places"].get(name, {}), []
    before = {volume: disks.held(work, volume) for volume, _ in places.values()}
    for path, (volume, part) in places.items():
        files = written(run, path)
        if files != disks.inner(before[volume], part):  # two mounts may show the same: what is new counts
            changed += disks.keep(work, volume, part, files)
    if changed:
        show(work, changed)


def catch_up(work: Work) -> None:
    """Show the containers what other pods wrote to the disks that they share; keep what servers wrote when asked."""
    changed = disks.news(work)
    if changed:
        show(work, changed)
        return
    for name in work.box.get("places", {}):
        run = work.box["containers"].get(name, {}).get("run")
        if run is not None:
            spread(work, name, run)


def show(work: Work, changed: Iterable[str]) -> None:
    """Put what these volumes hold now where containers see something else."""
    for name, places in work.box.get("places", {}).items():
        run = work.box["containers"].get(name, {}).get("run")
        if run is None:
            continue
        fresh = run
        for path, (volume, part) in places.items():
            if volume in changed:
                files = disks.inner(disks.held(work, volume), part)
                if written(fresh, path) != files:
                    fresh = runtime.put_volume(fresh, path, files)
        if fresh is not run:
            work.set(name, run=fresh)


def written(run: Body, path: str) -> Files:
    """What stands at a mount now."""
    return runtime.volume(run, path)


def sub_path(mount: Body, env: Mapping[str, str]) -> str:
    """`subPath`, or `subPathExpr` with the container's variables in it. Raises Unresolved."""
    stated = mount.get("subPathExpr")
    if not stated:
        return str(mount.get("subPath") or "").strip("/")
    path = expand(stated, env)
    if "$(" in path:
        missing = path.partition("$(")[2].partition(")")[0]
        raise Unresolved(f'missing value for "{missing}"')
    return path.strip("/")


def _ownership(work: Work, volume: Body) -> dict[str, int]:
    """The group of its files (Kubernetes: fsGroup, not of a machine's own folders), and its folder's mode."""
    group = dig(work.spec, "securityContext.fsGroup")
    if group is None or "hostPath" in volume:
        return {"folder": 0o777} if "emptyDir" in volume else {}
    lasts = "persistentVolumeClaim" in volume or "ephemeral" in volume
    return {"group": group, "folder": 0o2775 if lasts else 0o2777}


def _room(work: Work, volume: Body) -> dict[str, int]:
    """A disk holds its capacity, memory its limit."""
    space = dig(work.box.get("volumes") or {}, f"{volume.get('name', '')}.space")
    limit = dig(volume, "emptyDir.sizeLimit")
    if limit is not None and dig(volume, "emptyDir.medium") == "Memory":
        space = memory_bytes(limit)
    return {"space": space} if space is not None and space < SPACE else {}
