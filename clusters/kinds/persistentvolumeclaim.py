"""A request for storage, which a volume is bound to (Kubernetes: PersistentVolumeClaims)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.accessmodes import access_problems, shown
from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.metadata import selector_problems
from clusters.kinds.names import subdomain
from clusters.kinds.persistentvolume import MODES, UNSET, amount_problem, one_of, tidy, word
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import is_quantity, parse
from clusters.kinds.status import is_new, keep_status

NO_MODE = "at least 1 access mode is required"
FIXED = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"


def fill_in(pvc: Body) -> None:
    spec = pvc.setdefault("spec", {})
    fill_in_spec(spec)
    if is_new(pvc):
        pvc["status"] = {"phase": "Pending"}


def fill_in_spec(spec: Body) -> None:
    """What claims and claim templates have in common."""
    spec.setdefault("volumeMode", "Filesystem")
    tidy((spec.get("resources") or {}).get("requests"))
    tidy((spec.get("resources") or {}).get("limits"))


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    yield from spec_problems(new["spec"], "spec")
    if old is not None:
        yield from _changes(new["spec"], old)


def spec_problems(spec: Body, path: str) -> Iterator[FieldError]:
    """A PersistentVolumeClaimSpec, in a claim or in a template of one."""
    yield from access_problems(spec.get("accessModes"), f"{path}.accessModes", NO_MODE)
    if spec.get("selector"):
        yield from selector_problems(spec["selector"], f"{path}.selector")
    storage = dig(spec, "resources.requests.storage")
    if storage is None:
        yield FieldError.required(f"{path}.resources[storage]")
    else:
        yield from amount_problem(storage, f"{path}.resources[storage]")
    for wrong in subdomain(spec["storageClassName"]) if spec.get("storageClassName") else ():
        yield FieldError.invalid(f"{path}.storageClassName", spec["storageClassName"], wrong)
    yield from one_of(spec.get("volumeMode"), MODES, f"{path}.volumeMode")


def _changes(new: Body, old: Body) -> Iterator[FieldError]:
    """Bound once, and never back; a class where there was none; more storage for a claim that is bound."""
    before, bound = old["spec"], dig(old, "status.phase") == "Bound"
    free = []
    if not before.get("volumeName"):
        free.append("volumeName")
    if before.get("storageClassName") is None:
        free.append("storageClassName")
    if bound:
        free.append("resources")
    names = [name for name in {**before, **new} if name not in free]
    if any(new.get(name) != before.get(name) for name in names):
        yield FieldError.forbidden("spec", FIXED)
    elif bound:
        yield from _less(new, before)


def _less(new: Body, before: Body) -> Iterator[FieldError]:
    wanted, had = dig(new, "resources.requests.storage"), dig(before, "resources.requests.storage")
    if wanted is not None and is_quantity(wanted) and parse(wanted) < parse(had):
        yield FieldError.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")


PERSISTENTVOLUMECLAIM = Kind(
    "v1",
    "PersistentVolumeClaim",
    "persistentvolumeclaims",
    short=("pvc",),
    subresources=("status",),
    columns=framed(
        Column("Status", lambda pvc, _: word(pvc)),
        Column("Volume", lambda pvc, _: pvc["spec"].get("volumeName") or ""),
        Column("Capacity", lambda pvc, _: dig(pvc, "status.capacity.storage", "")),
        Column("Access Modes", lambda pvc, _: shown(dig(pvc, "status.accessModes"))),
        Column("StorageClass", lambda pvc, _: pvc["spec"].get("storageClassName") or ""),
        Column("VolumeAttributesClass", lambda pvc, _: pvc["spec"].get("volumeAttributesClassName") or UNSET),
        Column("VolumeMode", lambda pvc, _: pvc["spec"].get("volumeMode") or UNSET, wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
)
