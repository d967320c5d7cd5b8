"""Something that is broken on purpose, until this object is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time


def fill_in(fault: Body) -> None:
    fault["spec"] = fault.get("spec") or {}
    if is_new(fault):
        fault.pop("status", None)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    if old is not None and new["spec"] != old["spec"]:
        yield FieldError.immutable("spec", new["spec"])


def aim(fault: Body, _: Time) -> str:
    """`node/worker-2`, `pod/default/web-1/nginx`."""
    target = dig(fault, "spec.target") or {}
    if "pod" in target:
        parts = (target.get("namespace") or "default", target["pod"], target.get("container"))
        return "/".join(("pod", *(part for part in parts if part)))
    return "/".join(f"{name}/{value}" for name, value in sorted(target.items()))


def word(fault: Body) -> str:
    """`Active` until it has fired for good."""
    return str(dig(fault, "status.phase") or "Active")


FAULT = Kind(
    "podium.dev/v1",
    "Fault",
    "faults",
    namespaced=False,
    subresources=("status",),
    columns=framed(Column("Type", "spec.type"), Column("Target", aim), Column("Phase", lambda fault, _: word(fault))),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    generation=True,
)
