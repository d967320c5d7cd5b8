"""emptyDir volumes: files that a pod's containers share and that outlive each of them (Kubernetes: emptyDir)."""

from __future__ import annotations

from clusters.kinds.body import Body
from workloads.kubelet.disks import saved
from workloads.kubelet.volumes import Files, volumes
from workloads.kubelet.volumes import mounts as mounted
from workloads.kubelet.work import Work
from workloads.runtime import container as runtime


def mounts(work: Work, spec: Body) -> dict[str, Files]:
    """All that a new container sees mounted. Raises Unmounted."""
    if not spec.get("volumeMounts"):
        return {}
    held = {**volumes(work), **work.box.get("disks", {})}
    return mounted(work, spec, held)


def prepare(work: Work) -> None:
    """Remember which container sees which emptyDir where, so that its files can be found without the pod."""
    names = [volume["name"] for volume in work.spec.get("volumes") or () if "emptyDir" in volume]
    if not names:
        return
    places = {}
    for spec in work.specs():
        own = {
            mount["mountPath"].rstrip("/"): mount["name"]
            for mount in spec.get("volumeMounts") or ()
            if mount["name"] in names and not mount.get("subPath")
        }
        if own:
            places[spec["name"]] = own
    work.box |= {"places": places, "disks": {name: {} for name in names}}


def spread(work: Work, name: str, run: Body) -> None:
    """Show what one container wrote to the others."""
    disks = saved(work.box, name, run)
    before, work.box["disks"] = work.box["disks"], disks
    for other, places in work.box["places"].items():
        held = work.container(other).get("run")
        if other != name and held is not None:
            for path, volume in places.items():
                if disks[volume] is not before[volume]:
                    held = runtime.put_volume(held, path, disks[volume])
            if held is not work.container(other)["run"]:
                work.set(other, run=held)
