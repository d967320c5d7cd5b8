"""A claim that pods use is not removed before they are gone (Kubernetes: Storage Object in Use Protection)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, put, without
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update, Write

FINALIZER = "kubernetes.io/pvc-protection"


def its_claims(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """Claims of a pod that is gone, or that will never run: they may be waiting for that."""
    pod = new or old
    if pod is None or (new is not None and new["spec"].get("nodeName")):
        return ()
    return [Key(key_of(pod).namespace, name) for name in claims_of(pod)]


CONTROLLER = Controller(
    "persistentvolumeclaim-protection-controller", primary="persistentvolumeclaims", watches={"pods": its_claims}
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """The finalizer stands as long as the claim is wanted, or used."""
    claim = view.get("persistentvolumeclaims", key)
    if claim is None:
        return
    stand = claim["metadata"].get("finalizers") or []
    if not is_deleting(claim):
        if FINALIZER not in stand:
            held = put(claim, "metadata.finalizers", [*stand, FINALIZER])
            yield Update("persistentvolumeclaims", held, because=claim)
    elif FINALIZER in stand and not any(_uses(pod, key.name) for pod in view.list("pods", key.namespace)):
        left = [name for name in stand if name != FINALIZER]
        field = "metadata.finalizers"
        free = put(claim, field, left) if left else without(claim, field)
        yield Update("persistentvolumeclaims", free, because=claim, why="No pod uses it any more.")


def claims_of(pod: Body) -> Iterable[str]:
    """The claims that a pod names, and those made for it alone."""
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("persistentVolumeClaim"):
            yield dig(volume, "persistentVolumeClaim.claimName", "")
        elif volume.get("ephemeral"):
            yield f"{pod['metadata']['name']}-{volume['name']}"


def _uses(pod: Body, claim: str) -> bool:
    """A pod without a node uses nothing: no kubelet starts it with a claim that is going."""
    return bool(pod["spec"].get("nodeName")) and claim in claims_of(pod)
