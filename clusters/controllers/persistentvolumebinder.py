"""The binder: for each claim a volume that suits it, or one that is made for it (Kubernetes: Persistent Volumes)."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from clusters.kinds.body import Body, Key, annotations_of, dig, key_of, put
from clusters.kinds.persistentvolume import (
    BOUND_BY,
    COMPLETED,
    DRIVER,
    PROVISIONER,
    PROVISIONER_BETA,
    SELECTED_NODE,
    is_for,
)
from clusters.kinds.problem import Status
from clusters.kinds.storageclass import WAIT, default_of
from clusters.kinds.volumematching import best, claimed_by, unfit
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, SetStatus, Update, Write

Writes = Generator[Write, Body | Status | None, None]
NO_CLASS = "no persistent volumes available for this claim and no storage class is set"
LOST = "Data on the volume is lost!"
EXTERNAL = (
    "Waiting for a volume to be created either by the external provisioner '{}' or manually by the system "
    "administrator. If volume creation is delayed, please verify that the provisioner is running and correctly "
    "registered."
)


def concerned(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The claim that a volume is for; when it is for none, all that wait for one like it."""
    found = []
    for pv in (new, old):
        reference = pv["spec"].get("claimRef") if pv else None
        if reference and (key := Key(reference.get("namespace") or "", reference.get("name") or "")) not in found:
            found.append(key)
    if new is not None and not new["spec"].get("claimRef"):
        found += [key_of(claim) for claim in view.list("persistentvolumeclaims") if _may_take(claim, new)]
    if new is None and old is not None:
        name = old["metadata"]["name"]
        claims = view.list("persistentvolumeclaims")
        found += [key_of(claim) for claim in claims if claim["spec"].get("volumeName") == name]
    return dict.fromkeys(found)


def of_its_class(new: Body | None, _: Body | None, view: View) -> Iterable[Key]:
    """Claims without a volume that name the class, or none."""
    waiting = [claim for claim in view.list("persistentvolumeclaims") if not claim["spec"].get("volumeName")]
    name = new["metadata"]["name"] if new else None
    return [key_of(claim) for claim in waiting if claim["spec"].get("storageClassName") in (None, name)] if new else ()


CONTROLLER = Controller(
    "persistentvolume-binder-controller",
    primary="persistentvolumeclaims",
    watches={"persistentvolumes": concerned, "storageclasses": of_its_class},
    source="persistentvolume-controller",
)


def reconcile(key: Key, view: View) -> Writes:
    """One claim."""
    claim = view.get("persistentvolumeclaims", key)
    if claim is None:
        return
    if COMPLETED in annotations_of(claim):
        yield from keep(claim, view)
    elif claim["spec"].get("volumeName"):
        yield from take_named(claim, view)
    else:
        yield from find(claim, view)


def keep(claim: Body, view: View) -> Writes:
    """A claim that was bound stays so, or is lost for ever."""
    name = claim["spec"].get("volumeName")
    pv = view.get("persistentvolumes", Key("", name)) if name else None
    if not name:
        yield from lose(claim, "ClaimLost", f"Bound claim has lost reference to PersistentVolume. {LOST}")
    elif pv is None:
        yield from lose(claim, "ClaimLost", f"Bound claim has lost its PersistentVolume. {LOST}")
    elif not pv["spec"].get("claimRef") or is_for(pv, claim):
        yield from bind(pv, claim)
    else:
        told = "Two claims are bound to the same volume, this one is bound incorrectly"
        yield from lose(claim, "ClaimMisbound", told)


def take_named(claim: Body, view: View) -> Writes:
    """The claim names its volume itself: that one or none."""
    name = claim["spec"]["volumeName"]
    pv = view.get("persistentvolumes", Key("", name))
    if pv is None:
        return  # its coming wakes us
    if is_for(pv, claim) or not pv["spec"].get("claimRef"):
        wrong = unfit(pv, claim)
        if wrong:
            yield Emit(claim, "Warning", "VolumeMismatch", f'Cannot bind to requested volume "{name}": {wrong}')
        else:
            yield from bind(pv, claim)
    else:
        told = f'volume "{name}" already bound to a different claim.'
        yield Emit(claim, "Warning", "FailedBinding", told)


def find(claim: Body, view: View) -> Writes:
    """The volume kept for it, the smallest that will do, or a new one."""
    if claim["spec"].get("storageClassName") is None and (usual := default_of(view.list("storageclasses"))):
        name = usual["metadata"]["name"]
        answer = yield Update("persistentvolumeclaims", put(claim, "spec.storageClassName", name), because=usual)
        claim = answer if isinstance(answer, dict) else claim
    name = claim["spec"].get("storageClassName") or ""
    storage = view.get("storageclasses", Key("", name)) if name else None
    waits = storage is not None and storage.get("volumeBindingMode") == WAIT
    pv = best(claim, view.list("persistentvolumes"), waits=waits)
    if pv is not None:
        yield from bind(pv, claim)
    elif waits and SELECTED_NODE not in annotations_of(claim):
        yield Emit(claim, "Normal", *_first_consumer(claim, view))
    elif name:
        yield from provision(claim, name, storage)
    else:
        yield Emit(claim, "Normal", "FailedBinding", NO_CLASS)


def provision(claim: Body, name: str, storage: Body | None) -> Writes:
    """Ask the class's provisioner, by an annotation, to make a volume."""
    if storage is None:
        told = f'storageclass.storage.k8s.io "{name}" not found'
        yield Emit(claim, "Warning", "ProvisioningFailed", told)
        return
    provisioner = storage["provisioner"]
    if provisioner.startswith("kubernetes.io/"):
        told = f"no volume plugin matched name: {provisioner}"
        yield Emit(claim, "Warning", "ProvisioningFailed", told)
        return
    notes = annotations_of(claim)
    if notes.get(PROVISIONER) != provisioner:
        noted = {**notes, PROVISIONER: provisioner, PROVISIONER_BETA: provisioner}
        why = f"StorageClass {name} makes its volumes by {provisioner}."
        yield Update("persistentvolumeclaims", put(claim, "metadata.annotations", noted), because=claim, why=why)
        yield Emit(claim, "Normal", "ExternalProvisioning", EXTERNAL.format(provisioner))
    elif provisioner != DRIVER:
        yield Emit(claim, "Normal", "ExternalProvisioning", EXTERNAL.format(provisioner))


def bind(pv: Body, claim: Body) -> Writes:
    """The volume names the claim and the claim the volume; both say Bound. Does nothing where that is so."""
    answer: Any = yield Update("persistentvolumes", claimed_by(pv, claim), because=claim, why="It suits the claim.")
    if not isinstance(answer, dict):
        return
    pv = answer
    yield SetStatus("persistentvolumes", pv, {**(pv.get("status") or {}), "phase": "Bound"}, because=claim)
    name = pv["metadata"]["name"]
    answer = yield Update("persistentvolumeclaims", _fulfilled(claim, name), because=pv, why=f"{name} suits it.")
    if not isinstance(answer, dict):
        return
    status = {**(answer.get("status") or {}), "phase": "Bound"}
    status |= {"accessModes": pv["spec"].get("accessModes"), "capacity": pv["spec"].get("capacity")}
    yield SetStatus("persistentvolumeclaims", answer, status, because=pv, why=f"{name} is bound to it.")


def lose(claim: Body, reason: str, told: str) -> Writes:
    """For ever: what was on the volume is gone."""
    if dig(claim, "status.phase") == "Lost":
        return
    yield SetStatus("persistentvolumeclaims", claim, {"phase": "Lost"}, because=claim, why=told)
    yield Emit(claim, "Warning", reason, told)


def _fulfilled(claim: Body, name: str) -> Body:
    notes = {**annotations_of(claim), COMPLETED: "yes"}
    if not claim["spec"].get("volumeName"):
        notes[BOUND_BY] = "yes"
    return put(put(claim, "spec.volumeName", name), "metadata.annotations", notes)


def _may_take(claim: Body, pv: Body) -> bool:
    spec = claim["spec"]
    if spec.get("volumeName"):
        return bool(spec["volumeName"] == pv["metadata"]["name"])
    return (spec.get("storageClassName") or "") == (pv["spec"].get("storageClassName") or "")


def _first_consumer(claim: Body, view: View) -> tuple[str, str]:
    """The pods that want it are named once they are there."""
    key = key_of(claim)
    wanting = [
        pod["metadata"]["name"]
        for pod in view.list("pods", key.namespace)
        if not pod["spec"].get("nodeName")
        and any(dig(one, "persistentVolumeClaim.claimName") == key.name for one in pod["spec"].get("volumes") or ())
    ]
    if wanting:
        pods = f"pod {wanting[0]}" if len(wanting) == 1 else f"pods {','.join(wanting)}"
        return "WaitForPodScheduled", f"waiting for {pods} to be scheduled"
    return "WaitForFirstConsumer", "waiting for first consumer to be created before binding"
