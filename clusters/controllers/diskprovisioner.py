"""podium.dev/disk: makes a disk and its volume for a claim, and takes both away (Kubernetes: CSI provisioner)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.accessmodes import ONE_POD
from clusters.kinds.body import Body, Key, annotations_of, dig, is_deleting, key_of, put, uid_of, without
from clusters.kinds.persistentvolume import DRIVER, PROVISIONED_BY, PROVISIONER, SELECTED_NODE
from clusters.kinds.problem import Status
from clusters.kinds.storageclass import WAIT
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, Update, Write

FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer"
MODES = ("ReadWriteOnce", ONE_POD)
Writes = Generator[Write, Body | Status | None, None]


def its_claim(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A volume's own key."""
    changed = new or old
    return (Key("", changed["metadata"]["name"]),) if changed else ()


CONTROLLER = Controller(
    "disk-provisioner", primary="persistentvolumeclaims", watches={"persistentvolumes": its_claim}, source=DRIVER
)


def reconcile(key: Key, view: View) -> Writes:
    """A claim, or a volume (without a namespace)."""
    if not key.namespace:
        pv = view.get("persistentvolumes", key)
        if pv is not None and annotations_of(pv).get(PROVISIONED_BY) == DRIVER:
            yield from look_after(pv, view)
        return
    claim = view.get("persistentvolumeclaims", key)
    if claim is None or is_deleting(claim) or claim["spec"].get("volumeName"):
        return
    if annotations_of(claim).get(PROVISIONER) == DRIVER:
        yield from provision(claim, view)


def provision(claim: Body, view: View) -> Writes:
    """A new disk for the claim, once somebody needs it."""
    name = f"pvc-{uid_of(claim)}"
    storage = view.get("storageclasses", Key("", claim["spec"].get("storageClassName") or ""))
    if storage is None or storage["provisioner"] != DRIVER or view.get("persistentvolumes", Key("", name)):
        return
    if storage.get("volumeBindingMode") == WAIT and SELECTED_NODE not in annotations_of(claim):
        return
    told = f'External provisioner is provisioning volume for claim "{key_of(claim)}"'
    yield Emit(claim, "Normal", "Provisioning", told)
    if wrong := impossible(claim):
        told = f'failed to provision volume with StorageClass "{storage["metadata"]["name"]}": {wrong}'
        yield Emit(claim, "Warning", "ProvisioningFailed", told)
        return
    yield Create("persistentvolumes", volume(name, claim, storage), because=claim, why="The claim needs a volume.")
    yield Create("disks", disk(name), because=claim)
    yield Emit(claim, "Normal", "ProvisioningSucceeded", f"Successfully provisioned volume {name}")


def look_after(pv: Body, view: View) -> Writes:
    """Nobody deletes a volume that shall take its disk with it, before the disk is gone."""
    name = pv["metadata"]["name"]
    deletes = pv["spec"].get("persistentVolumeReclaimPolicy") == "Delete"
    held = FINALIZER in (pv["metadata"].get("finalizers") or ())
    if deletes and dig(pv, "status.phase") in ("Released", "Failed"):
        content = view.get("disks", Key("", dig(pv, "spec.csi.volumeHandle", name)))
        if content is not None:
            yield Delete("disks", content, because=pv, why="Nobody claims it any more.")
        if not is_deleting(pv):
            yield Delete("persistentvolumes", pv, because=pv, why="Its claim is gone, and its policy is Delete.")
        yield from hold(name, view, on=False)
    elif deletes != held and not is_deleting(pv):
        yield from hold(name, view, on=deletes)
    elif held and not deletes:
        yield from hold(name, view, on=False)


def hold(name: str, view: View, *, on: bool) -> Writes:
    """Put the finalizer there, or take it away."""
    pv = view.get("persistentvolumes", Key("", name))
    if pv is None:
        return
    stand = [one for one in pv["metadata"].get("finalizers") or () if one != FINALIZER]
    wanted = [*stand, FINALIZER] if on else stand
    changed = put(pv, "metadata.finalizers", wanted) if wanted else without(pv, "metadata.finalizers")
    yield Update("persistentvolumes", changed, because=pv)


def impossible(claim: Body) -> str:
    """What these disks cannot do."""
    if claim["spec"].get("volumeMode") == "Block":
        return f"{DRIVER} has file systems only, no block volumes"
    if any(mode not in MODES for mode in claim["spec"]["accessModes"]):
        return f"{DRIVER} only supports the access modes {' and '.join(MODES)}"
    return "claim.Spec.DataSource is not supported" if claim["spec"].get("dataSource") else ""


def volume(name: str, claim: Body, storage: Body) -> Body:
    """The PersistentVolume, bound to the claim from the beginning."""
    metadata, spec = claim["metadata"], claim["spec"]
    policy = storage.get("reclaimPolicy") or "Delete"
    named = {field: metadata[field] for field in ("namespace", "name", "uid")}
    options = {"mountOptions": storage["mountOptions"]} if storage.get("mountOptions") else {}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": name,
            "annotations": {PROVISIONED_BY: DRIVER},
            **({"finalizers": [FINALIZER]} if policy == "Delete" else {}),
        },
        "spec": {
            "accessModes": spec["accessModes"],
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "claimRef": {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **named},
            "csi": {"driver": DRIVER, "fsType": "ext4", "volumeHandle": name},
            "persistentVolumeReclaimPolicy": policy,
            "storageClassName": storage["metadata"]["name"],
            "volumeMode": spec.get("volumeMode") or "Filesystem",
            **options,
        },
    }


def disk(name: str) -> Body:
    """An empty one. Namespace "": no machine's own."""
    head = {"apiVersion": "machine.podium.dev/v1", "kind": "Disk"}
    return {**head, "metadata": {"namespace": "", "name": name}, "files": {}}
