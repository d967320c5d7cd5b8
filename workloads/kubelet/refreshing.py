"""ConfigMaps and Secrets that change while a pod runs (Kubernetes: mounted ConfigMaps are updated automatically)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Mapper
from clusters.reconcile.view import View
from workloads.kubelet.lasting import Unmounted
from workloads.kubelet.volumes import SEALED, mounts, volumes
from workloads.kubelet.work import Work
from workloads.runtime import container as runtime

SYNC = 60 * SECOND  # syncFrequency: a kubelet looks at each of its pods' volumes so often
KINDS = {"configMap": ("configmaps", "name"), "secret": ("secrets", "secretName")}


def mounted_by(resource: str) -> Mapper:
    """The pods that have this ConfigMap or Secret among their volumes, when what it holds is another than before."""

    def pods(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
        if new is None or old is None or held(new) == held(old):
            return ()
        found: Iterable[Key] = view.cache.mounting(resource, key_of(new))
        return found

    return pods


def held(body: Body) -> tuple[object, object]:
    return body.get("data"), body.get("binaryData")


def references(pod: Body) -> list[str]:
    """`configmaps/name` for each volume whose changes the pod's containers shall see."""
    found = []
    for volume in pod["spec"].get("volumes") or ():
        for part in (volume, *((volume.get("projected") or {}).get("sources") or ())):
            for kind, (resource, field) in KINDS.items():
                source = part.get(kind)
                name = (source.get(field) or source.get("name")) if source else None
                if name and name != "kube-root-ca.crt":  # in every pod, and never another
                    found.append(f"{resource}/{name}")
    return found


def refresh(work: Work) -> None:
    """At the pod's next sync, put what has changed where the containers see it; a subPath is never refreshed."""
    if not work.box.get("refs"):
        return
    stale = [spec for spec in work.specs() if work.container(spec["name"]).get("run") and changed(work, spec)]
    if not stale:
        return
    tick = work.box["since"] + -(-(work.now - work.box["since"]) // SYNC) * SYNC
    if work.now < tick:
        work.later(tick)
        return
    for spec in stale:
        run = work.container(spec["name"])["run"]
        for path, files in changed(work, spec).items():
            run = runtime.put_volume(run, path, files)
        work.set(spec["name"], run=run)


def changed(work: Work, spec: Body) -> dict[str, dict[str, str]]:
    """Mount path -> files, for the volumes of this container that hold something else than it sees."""
    try:
        wanted = mounts(spec, volumes(work))
    except Unmounted:  # what was mounted stays as it was
        return {}
    loose = [volume["name"] for volume in work.spec["volumes"] if any(volume.get(kind) for kind in SEALED)]
    seen = work.container(spec["name"])["run"]["mounts"]
    found = {}
    for mount in spec.get("volumeMounts") or ():
        path = mount["mountPath"].rstrip("/") or "/"
        if mount["name"] in loose and path in wanted and seen.get(path) != dict(wanted[path]):
            found[path] = dict(wanted[path])
    return found
