"""A kind of storage that volumes are made of when claims ask for it (Kubernetes: Storage Classes)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import qualified, subdomain
from clusters.kinds.persistentvolume import UNSET, one_of
from clusters.kinds.problem import FieldError

DEFAULT = "storageclass.kubernetes.io/is-default-class"
OLD_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class"
WAIT = "WaitForFirstConsumer"


def fill_in(storage: Body) -> None:
    storage.setdefault("reclaimPolicy", "Delete")
    storage.setdefault("volumeBindingMode", "Immediate")


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    if not new.get("provisioner"):
        yield FieldError.required("provisioner")
    for wrong in qualified(new["provisioner"].lower()) if new.get("provisioner") else ():
        yield FieldError.invalid("provisioner", new["provisioner"], wrong)
    yield from one_of(new.get("reclaimPolicy"), ("Delete", "Retain"), "reclaimPolicy")
    yield from one_of(new.get("volumeBindingMode"), ("Immediate", WAIT), "volumeBindingMode")
    if old is not None:
        for name in ("parameters", "provisioner", "reclaimPolicy"):
            if (new.get(name) or None) != (old.get(name) or None):
                yield FieldError.forbidden(name, f"updates to {name} are forbidden.")
        if new.get("volumeBindingMode") != old.get("volumeBindingMode"):
            yield FieldError.immutable("volumeBindingMode", new.get("volumeBindingMode"))


def is_default(storage: Body) -> bool:
    """Claims that name no class get this one."""
    return any(annotations_of(storage).get(name) == "true" for name in (DEFAULT, OLD_DEFAULT))


def default_of(classes: Iterable[Body]) -> Body | None:
    """Of several defaults the newest, then the first by name."""
    found = [one for one in classes if is_default(one)]
    found.sort(key=lambda one: str(one["metadata"]["name"]))
    found.sort(key=lambda one: str(one["metadata"].get("creationTimestamp")), reverse=True)
    return found[0] if found else None


STORAGECLASS = Kind(
    "storage.k8s.io/v1",
    "StorageClass",
    "storageclasses",
    namespaced=False,
    short=("sc",),
    columns=(
        Column("Name", lambda one, _: one["metadata"]["name"] + (" (default)" if is_default(one) else "")),
        Column("Provisioner", "provisioner"),
        Column("ReclaimPolicy", lambda one, _: one.get("reclaimPolicy") or "Delete"),
        Column("VolumeBindingMode", lambda one, _: one.get("volumeBindingMode") or UNSET),
        Column("AllowVolumeExpansion", lambda one, _: bool(one.get("allowVolumeExpansion")), type="boolean"),
        *framed()[1:],
    ),
    defaults=fill_in,
    validate=problems,
)
