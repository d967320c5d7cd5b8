"""A claim grows only where its class can do that; none here can yet (Kubernetes: Expanding PersistentVolumeClaims)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, dig
from clusters.kinds.problem import Status
from clusters.kinds.quantity import is_quantity, parse
from clusters.reconcile.view import View

SIZE = "spec.resources.requests.storage"
REFUSED = (
    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
)


def admit(new: Body | None, old: Body | None, _: View) -> Body | Status | None:
    """What is less is refused by validation, which comes after."""
    if new is None or old is None:
        return new
    wanted, had = dig(new, SIZE), dig(old, SIZE)
    if wanted is None or not is_quantity(wanted) or parse(wanted) <= parse(had):
        return new
    return Status.forbidden("persistentvolumeclaims", new["metadata"]["name"], REFUSED)


STEP = Step("PersistentVolumeClaimResize", ("persistentvolumeclaims",), ("UPDATE",), admit)
