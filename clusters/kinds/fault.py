"""Something that is broken on purpose, until this object is deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.faults import FAULTS
from clusters.faults.faulttype import FaultType
from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time

DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(h|m|s|ms))+")
_TARGET = {
    "node": "The node's name.",
    "pod": "The pod's name.",
    "namespace": "The pod's namespace; default where it is missing.",
    "container": "The container's name; the pod's first where it is missing.",
}
_SPEC = {
    "description": "What is broken, and where. It cannot be changed: delete the fault and make another one.",
    "type": "object",
    "required": ["type", "target"],
    "properties": {
        "type": {"description": "What happens, e.g. NodeCrash or ContainerCrash.", "type": "string"},
        "target": {
            "description": "What it happens to.",
            "type": "object",
            "properties": {name: {"description": told, "type": "string"} for name, told in _TARGET.items()},
        },
        "duration": {"description": "After this time it heals by itself, e.g. 30s.", "type": "string"},
    },
}
_STATUS = {
    "description": "What became of it.",
    "type": "object",
    "properties": {
        "phase": {"description": "Active, or Done when it is over.", "type": "string"},
        "startedAt": {"description": "Since when it holds.", "type": "string", "format": "date-time"},
        "finishedAt": {"description": "When it was over.", "type": "string", "format": "date-time"},
        "message": {"description": "What became of it, in a sentence.", "type": "string"},
        "hit": {
            "description": "What it has hit.",
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    },
}
SCHEMA = {
    "description": "Fault is something that is broken on purpose. It holds until it is deleted, or fires once.",
    "type": "object",
    "required": ["spec"],
    "properties": {
        "apiVersion": {"description": "The version of this representation of an object.", "type": "string"},
        "kind": {"description": "The REST resource that this object represents.", "type": "string"},
        "metadata": {"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
        "spec": _SPEC,
        "status": _STATUS,
    },
    "x-kubernetes-group-version-kind": [{"group": "podium.dev", "kind": "Fault", "version": "v1"}],
}


def fill_in(fault: Body) -> None:
    spec = fault["spec"] = fault.get("spec") or {}
    if (spec.get("target") or {}).get("pod"):
        spec["target"].setdefault("namespace", "default")
    if is_new(fault):
        fault.pop("status", None)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    yield from _what(new["spec"])
    if old is not None and new["spec"] != old["spec"]:
        yield FieldError.immutable("spec", new["spec"])


def _what(spec: Body) -> Iterator[FieldError]:
    known = FAULTS.get(spec.get("type") or "")
    if known is None:
        yield FieldError.unsupported("spec.type", spec.get("type") or "", FAULTS)
        return
    target = spec.get("target") or {}
    for name in known.required:
        if not target.get(name):
            yield FieldError.required(f"spec.target.{name}", f"what a {known.type} is aimed at")
    for name in target:
        if name not in (*known.required, *known.optional):
            yield FieldError.forbidden(f"spec.target.{name}", f"a {known.type} is not aimed at it")
    yield from _duration(spec.get("duration"), known)


def _duration(stated: str | None, known: FaultType) -> Iterator[FieldError]:
    if stated is None:
        return
    if known.moment:
        yield FieldError.forbidden("spec.duration", f"a {known.type} fires once")
    elif not DURATION.fullmatch(stated):
        yield FieldError.invalid("spec.duration", stated, "must be a duration, e.g. 30s or 1m30s")


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
    schema=SCHEMA,
    generation=True,
)
