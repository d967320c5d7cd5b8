"""A piece of storage that outlives every pod (Kubernetes: Persistent Volumes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clusters.kinds.accessmodes import access_problems, shown
from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig, is_deleting
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import WRONG, NotAQuantity, canonical, is_quantity, parse
from clusters.kinds.status import is_new, keep_status

# what binder and provisioners note on claims and volumes
BOUND_BY = "pv.kubernetes.io/bound-by-controller"
COMPLETED = "pv.kubernetes.io/bind-completed"
PROVISIONED_BY = "pv.kubernetes.io/provisioned-by"
PROVISIONER = "volume.kubernetes.io/storage-provisioner"
PROVISIONER_BETA = "volume.beta.kubernetes.io/storage-provisioner"
SELECTED_NODE = "volume.kubernetes.io/selected-node"
NO_PROVISIONER = "kubernetes.io/no-provisioner"
DRIVER = "podium.dev/disk"  # the disks that are simulated: provisioner and CSI driver in one

UNSET = "<unset>"
POLICIES = ("Delete", "Recycle", "Retain")
MODES = ("Block", "Filesystem")
# what a PersistentVolumeSpec has beside its source
PLAIN = (
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
    "volumeMode",
)
NEEDS = {"hostPath": ("path",), "local": ("path",), "csi": ("driver", "volumeHandle"), "nfs": ("server", "path")}


def fill_in(pv: Body) -> None:
    spec = pv.setdefault("spec", {})
    spec.setdefault("persistentVolumeReclaimPolicy", "Retain")
    spec.setdefault("volumeMode", "Filesystem")
    tidy(spec.get("capacity"))
    if spec.get("hostPath") is not None:
        spec["hostPath"].setdefault("type", "")
    if is_new(pv):
        pv["status"] = {"phase": "Pending"}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    spec = new["spec"]
    yield from access_problems(spec.get("accessModes"), "spec.accessModes")
    yield from _capacity(spec.get("capacity") or {})
    yield from _source(spec)
    yield from one_of(spec.get("persistentVolumeReclaimPolicy"), POLICIES, "spec.persistentVolumeReclaimPolicy")
    yield from one_of(spec.get("volumeMode"), MODES, "spec.volumeMode")
    for wrong in subdomain(spec["storageClassName"]) if spec.get("storageClassName") else ():
        yield FieldError.invalid("spec.storageClassName", spec["storageClassName"], wrong)
    if old is not None:
        yield from _changes(spec, old["spec"])


def source_of(spec: Body) -> tuple[str, Body]:
    """The volume's source: `("hostPath", {...})`."""
    return next(((name, value) for name, value in spec.items() if name not in PLAIN and value is not None), ("", {}))


def is_for(pv: Body, claim: Body) -> bool:
    """The volume is this claim's, or kept for one of its name."""
    reference, metadata = pv["spec"].get("claimRef"), claim["metadata"]
    if not reference:
        return False
    same = (reference.get("namespace"), reference.get("name")) == (metadata["namespace"], metadata["name"])
    return same and (reference.get("uid") or metadata["uid"]) == metadata["uid"]


def one_of(value: str | None, known: Sequence[str], path: str) -> Iterator[FieldError]:
    if value is not None and value not in known:
        yield FieldError.unsupported(path, value, known)


def amount_problem(amount: Any, path: str) -> Iterator[FieldError]:
    """A size: a quantity above zero."""
    if not is_quantity(amount):
        yield FieldError.invalid(path, amount, WRONG)
    elif parse(amount) <= 0:
        yield FieldError.invalid(path, amount, "must be greater than zero")


def tidy(amounts: Any) -> None:
    """Quantities as the API server writes them; what is none is left for validation."""
    for name, amount in (amounts or {}).items():
        try:
            amounts[name] = canonical(amount)
        except NotAQuantity:
            continue


def word(body: Body) -> str:
    """kubectl's STATUS."""
    return "Terminating" if is_deleting(body) else str(dig(body, "status.phase", ""))


def _capacity(capacity: Body) -> Iterator[FieldError]:
    if not capacity:
        yield FieldError.required("spec.capacity")
    elif list(capacity) != ["storage"]:
        yield FieldError.unsupported("spec.capacity", capacity, ("storage",))
    else:
        yield from amount_problem(capacity["storage"], "spec.capacity[storage]")


def _source(spec: Body) -> Iterator[FieldError]:
    given = [name for name, value in spec.items() if name not in PLAIN and value is not None]
    if not given:
        yield FieldError.required("spec", "must specify a volume type")
    for name in given[1:]:
        yield FieldError.forbidden(f"spec.{name}", "may not specify more than 1 volume type")
    for name in given[:1]:
        for need in NEEDS.get(name, ()):
            if not spec[name].get(need):
                yield FieldError.required(f"spec.{name}.{need}")
        if ".." in (spec[name].get("path") or "").split("/"):
            yield FieldError.invalid(f"spec.{name}.path", spec[name]["path"], "must not contain '..'")
    if "local" in given and not dig(spec, "nodeAffinity.required.nodeSelectorTerms"):
        yield FieldError.required("spec.nodeAffinity", "Local volume requires node affinity")
    root = (dig(spec, "hostPath.path") or "").strip("/") == ""
    if "hostPath" in given and root and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        detail = "may not be 'recycle' for a hostPath mount of '/'"
        yield FieldError.forbidden("spec.persistentVolumeReclaimPolicy", detail)


def _changes(new: Body, old: Body) -> Iterator[FieldError]:
    if source_of(new) != source_of(old):
        yield FieldError.forbidden(
            "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"
        )
    if new.get("volumeMode") != old.get("volumeMode"):
        yield FieldError.immutable("spec.volumeMode", new.get("volumeMode"))
    if old.get("nodeAffinity") and new.get("nodeAffinity") != old["nodeAffinity"]:
        yield FieldError.immutable("spec.nodeAffinity", new.get("nodeAffinity"))


def _claim(pv: Body, _: int) -> str:
    claim = pv["spec"].get("claimRef")
    return f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else ""


PERSISTENTVOLUME = Kind(
    "v1",
    "PersistentVolume",
    "persistentvolumes",
    namespaced=False,
    short=("pv",),
    subresources=("status",),
    columns=framed(
        Column("Capacity", "spec.capacity.storage"),
        Column("Access Modes", lambda pv, _: shown(pv["spec"].get("accessModes"))),
        Column("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
        Column("Status", lambda pv, _: word(pv)),
        Column("Claim", _claim),
        Column("StorageClass", lambda pv, _: pv["spec"].get("storageClassName") or ""),
        Column("VolumeAttributesClass", lambda pv, _: pv["spec"].get("volumeAttributesClassName") or UNSET),
        Column("Reason", lambda pv, _: dig(pv, "status.reason", "")),
        Column("VolumeMode", lambda pv, _: pv["spec"].get("volumeMode") or UNSET, wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
)
