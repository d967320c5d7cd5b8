"""A volume that is bound is not removed before its claim (Kubernetes: Storage Object in Use Protection)."""

from __future__ import annotations

from collections.abc import Generator

from clusters.kinds.body import Body, Key, dig, is_deleting, put, without
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update, Write

FINALIZER = "kubernetes.io/pv-protection"

CONTROLLER = Controller("persistentvolume-protection-controller", primary="persistentvolumes")


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """The finalizer stands as long as the volume is wanted, or bound."""
    pv = view.get("persistentvolumes", key)
    if pv is None:
        return
    stand, field = pv["metadata"].get("finalizers") or [], "metadata.finalizers"
    if not is_deleting(pv):
        if FINALIZER not in stand:
            yield Update("persistentvolumes", put(pv, field, [*stand, FINALIZER]), because=pv)
    elif FINALIZER in stand and dig(pv, "status.phase") != "Bound":
        left = [name for name in stand if name != FINALIZER]
        free = put(pv, field, left) if left else without(pv, field)
        yield Update("persistentvolumes", free, because=pv, why="No claim is bound to it.")
