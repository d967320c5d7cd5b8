"""Something that is broken on purpose, until this object is deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.faults import FAULTS
from clusters.faults.faulttype import COME_LATER, INSTEAD, LATER, FaultType
from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.metadata import selector_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import HOUR, MILLISECOND, MINUTE, SECOND, Time

DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(h|m|s|ms))+")
OPTIONS = ("from", "exitCode", "probe", "percent", "delay")
NODE_WORDS = {"node", "zone"}
UNITS = {"ms": MILLISECOND, "s": SECOND, "m": MINUTE, "h": HOUR}
PROBES = ("readiness", "liveness", "startup")
UNDO = "podium.dev/undo"  # the finalizer of what must be put back before it goes
_TARGET = {
    "node": "The node's name.",
    "zone": "All nodes with this topology.kubernetes.io/zone.",
    "pod": "The pod's name.",
    "namespace": "The namespace of the pods or the Deployment; default where it is missing.",
    "container": "The container's name; the pod's first where it is missing.",
    "deployment": "The Deployment's name.",
}
_SELECTOR = "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"
_NODES = {
    "node": {"description": _TARGET["node"], "type": "string"},
    "zone": {"description": _TARGET["zone"], "type": "string"},
    "selector": {"description": "All nodes with these labels.", "$ref": _SELECTOR},
}
_SPEC = {
    "description": "What is broken, and where. It cannot be changed: delete the fault and make another one.",
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"description": "What happens, e.g. NodeCrash or ContainerCrash.", "type": "string"},
        "target": {
            "description": "What it happens to: by name, label, zone, chance or count.",
            "type": "object",
            "properties": {
                **{name: {"description": told, "type": "string"} for name, told in _TARGET.items()},
                "selector": {
                    "description": "All nodes, or pods of the namespace, with these labels.",
                    "$ref": _SELECTOR,
                },
                "chance": {"description": "The chance with which each is hit, in per cent.", "type": "integer"},
                "count": {"description": "How many are hit at most.", "type": "integer"},
            },
        },
        "from": {
            "description": "The other side of a NodePartition; the control plane's nodes where it is missing.",
            "type": "object",
            "properties": _NODES,
        },
        "duration": {
            "description": "After this time it heals by itself, e.g. 30s; without it, it holds until it is deleted.",
            "type": "string",
        },
        "exitCode": {
            "description": "The code with which a ContainerExit ends the process; 0 where it is missing.",
            "type": "integer",
        },
        "probe": {
            "description": "Which probe fails or flaps: readiness (also where it is missing), liveness or startup.",
            "type": "string",
        },
        "percent": {
            "description": "How many of a hundred packets are lost; 30 where it is missing.",
            "type": "integer",
        },
        "delay": {
            "description": "How much longer each packet needs, one way; 500ms where it is missing.",
            "type": "string",
        },
    },
}
_STATUS = {
    "description": "What became of it.",
    "type": "object",
    "properties": {
        "phase": {"description": "Active, or Done when it is over.", "type": "string"},
        "startedAt": {"description": "Since when it holds.", "type": "string", "format": "date-time"},
        "finishedAt": {"description": "When it was over.", "type": "string", "format": "date-time"},
        "message": {"description": "What became of it, or why it hits nobody, in a sentence.", "type": "string"},
        "hit": {
            "description": "What it has hit.",
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "others": {
            "description": "The nodes on the other side of a partition.",
            "type": "array",
            "items": {"type": "string"},
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
    target = spec.get("target") or {}
    known = FAULTS.get(spec.get("type") or "")
    in_a_namespace = known is not None and "namespace" in (*known.required, *known.optional)
    if in_a_namespace and target and not (NODE_WORDS & target.keys()):
        target.setdefault("namespace", "default")
    if is_new(fault):
        fault.pop("status", None)
        if known is not None and known.target == "deployment":
            held = fault["metadata"].setdefault("finalizers", [])
            if UNDO not in held:
                held.append(UNDO)


def by_name(spec: Body) -> bool:
    """Whether it says itself whom it hits: one by name, or everything."""
    known, target = FAULTS.get(spec.get("type") or ""), spec.get("target") or {}
    if known is None or known.part or known.target == "deployment" or any(name in target for name in INSTEAD):
        return False
    return known.target in ("nodes", "network", "cluster") or bool(target.get("node") or target.get("pod"))


def narrowed(target: Body) -> bool:
    """Whether it says anything beside the namespace."""
    return any(name != "namespace" for name in target)


def missed(fault: Body) -> str:
    """Why it hits nobody; "" where it hits somebody, or nobody has looked yet."""
    known, spec, status = FAULTS.get(dig(fault, "spec.type", "")), fault["spec"], fault.get("status") or {}
    if known is None or status.get("hit"):
        return ""
    may_be_all = known.target in ("nodes", "network", "cluster") and not known.part
    return "" if may_be_all and not narrowed(spec.get("target") or {}) else str(status.get("message") or "")


def entry_of(body: Body) -> dict[str, str]:
    """A pod or node as `status.hit` and `spec.target` name it."""
    metadata = body["metadata"]
    if metadata.get("namespace"):
        return {"namespace": metadata["namespace"], "pod": metadata["name"]}
    return {"node": metadata["name"]}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    yield from _what(new["spec"])
    if old is not None and new["spec"] != old["spec"]:
        yield FieldError.immutable("spec", new["spec"])


def _what(spec: Body) -> Iterator[FieldError]:
    type_ = spec.get("type") or ""
    known = FAULTS.get(type_)
    if known is None:
        is_later = type_ in LATER
        yield FieldError.forbidden("spec.type", COME_LATER) if is_later else unsupported(type_)
        return
    yield from _target(spec.get("target") or {}, known)
    yield from _duration(spec.get("duration"), known)
    for name in OPTIONS:
        if name in spec and name not in known.options:
            yield FieldError.forbidden(f"spec.{name}", f"a {known.type} has no such option")
    yield from _options(spec)


def unsupported(type_: str) -> FieldError:
    return FieldError.unsupported("spec.type", type_, FAULTS)


def _target(target: Body, known: FaultType) -> Iterator[FieldError]:
    stands_in = any(name in target and name in known.optional for name in INSTEAD)
    for name in known.required:
        if not target.get(name) and not stands_in:
            yield FieldError.required(f"spec.target.{name}", f"what a {known.type} is aimed at")
    for name in target:
        if name not in (*known.required, *known.optional):
            yield FieldError.forbidden(f"spec.target.{name}", f"a {known.type} is not aimed at it")
    if target.get("selector"):
        yield from selector_problems(target["selector"], "spec.target.selector")
    yield from _range(target, "chance", "spec.target.chance", 1, 100)
    yield from _range(target, "count", "spec.target.count", 1, 10_000)


def _options(spec: Body) -> Iterator[FieldError]:
    yield from _range(spec, "exitCode", "spec.exitCode", 0, 255)
    yield from _range(spec, "percent", "spec.percent", 1, 100)
    if spec.get("probe") not in (None, *PROBES):
        yield FieldError.unsupported("spec.probe", spec["probe"], PROBES)
    if spec.get("delay") is not None:
        yield from _span(spec["delay"], "spec.delay", "500ms or 2s")
    if (spec.get("from") or {}).get("selector"):
        yield from selector_problems(spec["from"]["selector"], "spec.from.selector")


def _range(body: Body, name: str, path: str, least: int, most: int) -> Iterator[FieldError]:
    found = body.get(name)
    if found is not None and not least <= found <= most:
        yield FieldError.invalid(path, found, f"must be between {least} and {most}, inclusive")


def _duration(stated: str | None, known: FaultType) -> Iterator[FieldError]:
    if stated is None:
        return
    if known.moment:
        yield FieldError.forbidden("spec.duration", f"a {known.type} fires once")
    else:
        yield from _span(stated, "spec.duration", "30s or 1m30s")


def _span(stated: str, path: str, such_as: str) -> Iterator[FieldError]:
    if not DURATION.fullmatch(stated):
        yield FieldError.invalid(path, stated, f"must be a duration, e.g. {such_as}")
    elif duration(stated) is None:
        yield FieldError.invalid(path, stated, "must be longer than nothing")


def duration(stated: str | None) -> Time | None:
    """`90s`, `1m30s`, `500ms` (a Go duration); None where there is none."""
    if not stated:
        return None
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", stated)
    return sum(round(float(amount) * UNITS[unit]) for amount, unit in parts) or None


def aim(fault: Body, _: Time) -> str:
    """`node/worker-2`, `pod/default/web-1/nginx`, `app=web in default, 50 %`; `everything` where nothing is stated."""
    target = dig(fault, "spec.target") or {}
    namespace = target.get("namespace") or "default"
    if "pod" in target:
        parts = (namespace, target["pod"], target.get("container"))
        found = ["/".join(("pod", *(part for part in parts if part)))]
    elif "deployment" in target:
        found = [f"deployment/{namespace}/{target['deployment']}"]
    else:
        found = [f"{name}/{target[name]}" for name in ("node", "zone") if name in target]
        if "selector" in target:
            found.append(shown(target["selector"]) + (f" in {namespace}" if "namespace" in target else ""))
    more = [f"{target['chance']} %"] if "chance" in target else []
    more += [f"{target['count']} at most"] if "count" in target else []
    return ", ".join([*found, *more]) or "everything"


def word(fault: Body) -> str:
    """`Active` until it has fired for good."""
    return str(dig(fault, "status.phase") or "Active")


FAULT = Kind(
    "podium.dev/v1",
    "Fault",
    "faults",
    namespaced=False,
    subresources=("status",),
    columns=(
        *framed(Column("Type", "spec.type"), Column("Target", aim), Column("Phase", lambda fault, _: word(fault))),
        Column("Message", "status.message", wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    schema=SCHEMA,
    generation=True,
)
