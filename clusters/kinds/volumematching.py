"""Which volume suits which claim (Kubernetes: Persistent Volumes, Binding)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clusters.kinds.body import Body, annotations_of, dig, is_deleting, put
from clusters.kinds.persistentvolume import BOUND_BY, is_for
from clusters.kinds.quantity import parse
from clusters.kinds.selectors import matches


def best(claim: Body, volumes: Sequence[Body], *, waits: bool) -> Body | None:
    """Kept for this claim, or the smallest free one that suits; a claim that waits for its pod takes no free one."""
    kept = [pv for pv in volumes if is_for(pv, claim) and not unfit(pv, claim)]
    if kept or waits:
        return kept[0] if kept else None
    return smallest(claim, volumes)


def smallest(claim: Body, volumes: Iterable[Body]) -> Body | None:
    """Of the free volumes that suit the claim."""
    selector = claim["spec"].get("selector")
    free = [
        pv
        for pv in volumes
        if not pv["spec"].get("claimRef")
        and not is_deleting(pv)
        and dig(pv, "status.phase") == "Available"
        and (selector is None or matches(selector, pv["metadata"].get("labels") or {}))
        and not unfit(pv, claim)
    ]
    return min(free, key=lambda pv: (parse(pv["spec"]["capacity"]["storage"]), pv["metadata"]["name"]), default=None)


def unfit(pv: Body, claim: Body) -> str:
    """Why the volume will not do for the claim; "" when it will."""
    has, wants = pv["spec"], claim["spec"]
    if parse(has["capacity"]["storage"]) < parse(wants["resources"]["requests"]["storage"]):
        return "requested PV is too small"
    if (has.get("storageClassName") or "") != (wants.get("storageClassName") or ""):
        return "storageClassName does not match"
    if has.get("volumeMode") != wants.get("volumeMode"):
        return "incompatible volumeMode"
    if any(mode not in has["accessModes"] for mode in wants["accessModes"]):
        return "incompatible accessMode"
    return ""


def claimed_by(pv: Body, claim: Body) -> Body:
    """The volume, with the claim named in it."""
    reference, metadata = pv["spec"].get("claimRef"), claim["metadata"]
    if reference and reference.get("uid"):
        return pv
    # without the claim's resourceVersion: what is written must not depend on how much is stored at once
    named = {name: metadata[name] for name in ("namespace", "name", "uid")}
    wanted = put(pv, "spec.claimRef", {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **named})
    return wanted if reference else put(wanted, "metadata.annotations", {**annotations_of(pv), BOUND_BY: "yes"})
