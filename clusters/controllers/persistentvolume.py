"""What becomes of volumes: their phases, and what happens when the claim goes (Kubernetes: Reclaiming)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, annotations_of, dig, put, without
from clusters.kinds.persistentvolume import BOUND_BY, PROVISIONED_BY, source_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, Emit, SetStatus, Update, Write

Writes = Generator[Write, Body | Status | None, None]


def its_volume(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The volume that a claim has, and any that was kept for it."""
    claim = new or old
    if claim is None:
        return ()
    found = [Key("", body["spec"]["volumeName"]) for body in (new, old) if body and body["spec"].get("volumeName")]
    if new is None or old is None:
        uid = claim["metadata"]["uid"]
        volumes = view.list("persistentvolumes")
        found += [Key("", pv["metadata"]["name"]) for pv in volumes if dig(pv, "spec.claimRef.uid") == uid]
    return dict.fromkeys(found)


CONTROLLER = Controller(
    "persistentvolume-controller", primary="persistentvolumes", watches={"persistentvolumeclaims": its_volume}
)


def reconcile(key: Key, view: View) -> Writes:
    """One volume."""
    pv = view.get("persistentvolumes", key)
    if pv is None:
        return
    reference = pv["spec"].get("claimRef")
    if not reference or not reference.get("uid"):
        yield from into(pv, "Available", view)
        return
    claim = view.get("persistentvolumeclaims", Key(reference.get("namespace") or "", reference.get("name") or ""))
    if claim is None or claim["metadata"]["uid"] != reference["uid"]:
        yield from release(pv, view)
    elif claim["spec"].get("volumeName") == key.name:
        yield from into(pv, "Bound", view)
    elif claim["spec"].get("volumeName"):
        yield from let_go(pv, view)


def release(pv: Body, view: View) -> Writes:
    """Its claim was deleted: Retain leaves it as it is, Delete takes it away."""
    if dig(pv, "status.phase") not in ("Released", "Failed"):
        pv = yield from into(pv, "Released", view)
    if pv["spec"].get("persistentVolumeReclaimPolicy") != "Delete" or annotations_of(pv).get(PROVISIONED_BY):
        return  # who made it takes it away
    wrong = _not_deletable(pv)
    if not wrong:
        yield Delete("persistentvolumes", pv, why="Its claim is gone, and its policy is Delete.")
    elif dig(pv, "status.phase") != "Failed":
        yield from into(pv, "Failed", view, wrong)
        yield Emit(pv, "Warning", "VolumeFailedDelete", wrong)


def let_go(pv: Body, view: View) -> Writes:
    """The claim has another volume: this one is free again, or not needed if it was made for the claim."""
    if annotations_of(pv).get(PROVISIONED_BY) and pv["spec"].get("persistentVolumeReclaimPolicy") == "Delete":
        if dig(pv, "status.phase") not in ("Released", "Failed"):
            yield from into(pv, "Released", view)
        return
    free = without(pv, "spec.claimRef") if BOUND_BY in annotations_of(pv) else without(pv, "spec.claimRef.uid")
    free = without(free, "spec.claimRef.resourceVersion")
    notes = {name: value for name, value in annotations_of(pv).items() if name != BOUND_BY}
    yield Update("persistentvolumes", put(free, "metadata.annotations", notes), why="Its claim has another volume.")


def into(pv: Body, phase: str, view: View, message: str = "") -> Generator[Write, Body | Status | None, Body]:
    """The phase as it is now."""
    status = pv.get("status") or {}
    if status.get("phase") == phase and (status.get("message") or "") == message:
        return pv
    told = {"message": message} if message else {}
    new = {"phase": phase, **told, "lastPhaseTransitionTime": rfc3339(view.now)}
    answer = yield SetStatus("persistentvolumes", pv, new, why=f"It is {phase}.")
    return answer if isinstance(answer, dict) else pv


def _not_deletable(pv: Body) -> str:
    """Why nobody can take away what is behind the volume."""
    name, source = source_of(pv["spec"])
    if name != "hostPath":
        return "error getting deleter volume plugin for volume " + (
            f'"{pv["metadata"]["name"]}": no deletable volume plugin matched'
        )
    path = source.get("path") or ""
    if path.startswith("/tmp/") and path != "/tmp/":
        return ""
    return f"host_path deleter only supports /tmp/.+ but received provided {path}"
