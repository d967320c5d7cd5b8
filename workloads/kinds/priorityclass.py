"""A name for how important pods are (Kubernetes: Pod Priority and Preemption)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.admission.priority import BUILT_IN, HIGHEST, POLICY
from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError

POLICIES = ("Never", "PreemptLowerPriority")
SYSTEM = "system-"


def fill_in(priority: Body) -> None:
    priority["preemptionPolicy"] = priority.get("preemptionPolicy") or POLICY
    priority["value"] = priority.get("value") or 0


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    name, value = new["metadata"].get("name") or "", new["value"]
    if name.startswith(SYSTEM):
        yield from _system(new, name)
    elif value > HIGHEST:
        told = f"maximum allowed value of a user defined priority is {HIGHEST}"
        yield FieldError.forbidden("value", told)
    if new["preemptionPolicy"] not in POLICIES:
        yield FieldError.unsupported("preemptionPolicy", new["preemptionPolicy"], POLICIES)
    if old is not None:
        if old["value"] != value:
            yield FieldError.forbidden("value", "may not be changed in an update.")
        if old["preemptionPolicy"] != new["preemptionPolicy"]:
            yield FieldError.immutable("preemptionPolicy", new["preemptionPolicy"])


def word(priority: Body) -> str:
    return str(priority.get("value", 0))


def _system(new: Body, name: str) -> Iterator[FieldError]:
    """Names with this prefix are the cluster's own, word for word."""
    known = BUILT_IN.get(name)
    wrong = ""
    if known is None:
        wrong = "is not a known system priority class"
    elif known != new["value"]:
        wrong = f"value of {name} PriorityClass must be {known}"
    elif new.get("globalDefault"):
        wrong = f"globalDefault of {name} PriorityClass must be false"
    if wrong:
        told = f"priority class names with '{SYSTEM}' prefix are reserved for system use only. error: {wrong}"
        yield FieldError.forbidden("metadata.name", told)


PRIORITYCLASS = Kind(
    "scheduling.k8s.io/v1",
    "PriorityClass",
    "priorityclasses",
    namespaced=False,
    short=("pc",),
    columns=(
        *framed(
            Column("Value", "value", type="integer"),
            Column("Global-Default", lambda priority, _: str(bool(priority.get("globalDefault"))).lower()),
        ),
        Column("PreemptionPolicy", "preemptionPolicy"),
    ),
    defaults=fill_in,
    validate=problems,
    word=word,
    generation=True,
)
