"""A claim that names no class gets the default one (Kubernetes: Dynamic Volume Provisioning, defaulting)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, put
from clusters.kinds.storageclass import default_of
from clusters.reconcile.view import View


def admit(new: Body | None, _: Body | None, view: View) -> Body | None:
    """ "" is an answer, too: no class is wanted."""
    if new is None or new["spec"].get("storageClassName") is not None:
        return new
    usual = default_of(view.list("storageclasses"))
    return put(new, "spec.storageClassName", usual["metadata"]["name"]) if usual else new


STEP = Step("DefaultStorageClass", ("persistentvolumeclaims",), ("CREATE",), admit)
