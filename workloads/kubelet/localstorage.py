"""Limits of what a pod may write: ephemeral-storage and emptyDir's sizeLimit (Kubernetes: Local ephemeral storage)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND
from workloads.kubelet.measuring import disk_of, measured
from workloads.kubelet.resources import whole
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes

INTERVAL = 10 * SECOND  # the eviction manager looks so often
RESOURCE = "ephemeral-storage"
GRACE = 1


def police(work: Work) -> Writes:
    """At the next look of the eviction manager a pod that has written too much is evicted."""
    if work.box.get("ended") or not is_limited(work):
        return
    message = excess(work, measured(work.box, work.old))
    if not message:
        return
    tick = work.box["since"] + -(-(work.now - work.box["since"]) // INTERVAL) * INTERVAL
    if work.now < tick:
        work.later(tick)
        return
    work.box["ended"] = {"reason": "Evicted", "message": message, "grace": GRACE}
    work.later(work.now)
    work.note(message)
    yield work.say("Warning", "Evicted", message)


def excess(work: Work, box: Body) -> str:
    """The first limit that is exceeded, in the kubelet's words; "" where none is."""
    disks = box.get("disks", {})
    for volume in work.spec.get("volumes") or ():
        limit = dig(volume, "emptyDir.sizeLimit")
        if limit and sum(map(len, disks.get(volume["name"], {}).values())) > whole(limit):
            return f'Usage of EmptyDir volume "{volume["name"]}" exceeds the limit "{limit}". '
    limits = {spec["name"]: _limit(spec) for spec in work.spec["containers"]}
    if all(limits.values()):
        most = sum(map(whole, limits.values()))
        if disk_of(box) > most:
            told = next(iter(limits.values())) if len(limits) == 1 else str(most)
            return f"Pod ephemeral local storage usage exceeds the total limit of containers {told}. "
    for name, limit in limits.items():
        if limit and box.get("holds", {}).get(name, (0, 0))[1] > whole(limit):
            return f'Container {name} exceeded its local ephemeral storage limit "{limit}". '
    return ""


def is_limited(work: Work) -> bool:
    """Most pods are not, and need no sums."""
    volumes = work.spec.get("volumes") or ()
    return any(dig(volume, "emptyDir.sizeLimit") for volume in volumes) or any(map(_limit, work.spec["containers"]))


def _limit(spec: Body) -> str:
    return str(dig(spec, "resources.limits", {}).get(RESOURCE) or "")
