"""Claims and volumes go only when nobody uses them (Kubernetes: Storage Object in Use Protection)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, put
from clusters.reconcile.view import View

FINALIZERS = {
    "PersistentVolume": "kubernetes.io/pv-protection",
    "PersistentVolumeClaim": "kubernetes.io/pvc-protection",
}


def admit(new: Body | None, _: Body | None, __: View) -> Body | None:
    if new is None:
        return new
    stand, own = new["metadata"].get("finalizers") or [], FINALIZERS[new["kind"]]
    return new if own in stand else put(new, "metadata.finalizers", [*stand, own])


STEP = Step("StorageObjectInUseProtection", ("persistentvolumes", "persistentvolumeclaims"), ("CREATE",), admit)
