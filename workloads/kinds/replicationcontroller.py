"""What kept pods before there were ReplicaSets (Kubernetes: ReplicationController)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown_labels
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.selectors import matches_labels
from clusters.kinds.status import is_new, keep_status
from workloads.kinds.template import WIDE, fill_in_template, template_problems


def fill_in(rc: Body) -> None:
    spec = rc.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    if spec.get("template"):
        fill_in_template(spec)
    labels = dig(spec, "template.metadata.labels") or {}
    if labels:
        # whoever says nothing means the template's
        spec["selector"] = spec.get("selector") or dict(labels)
        rc["metadata"]["labels"] = rc["metadata"].get("labels") or dict(labels)
    if is_new(rc):
        rc["status"] = {"replicas": 0}


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from number_problem(spec.get("minReadySeconds"), "spec.minReadySeconds")
    if not spec.get("selector"):
        yield FieldError.required("spec.selector")
    yield from number_problem(spec["replicas"], "spec.replicas")
    if not spec.get("template"):
        yield FieldError.required("spec.template")
        return
    labels = spec["template"]["metadata"].get("labels") or {}
    fits = not spec.get("selector") or matches_labels(spec["selector"], labels)
    yield from template_problems(spec["template"], fits, "ReplicationController")


def word(rc: Body) -> str:
    """`2/3`: how many of the wanted are ready."""
    return f"{dig(rc, 'status.readyReplicas', 0)}/{rc['spec'].get('replicas', 1)}"


REPLICATIONCONTROLLER = Kind(
    "v1",
    "ReplicationController",
    "replicationcontrollers",
    short=("rc",),
    categories=("all",),
    subresources=("status", "scale"),
    columns=framed(
        Column("Desired", lambda rc, _: rc["spec"].get("replicas", 1), type="integer"),
        Column("Current", lambda rc, _: dig(rc, "status.replicas", 0), type="integer"),
        Column("Ready", lambda rc, _: dig(rc, "status.readyReplicas", 0), type="integer"),
        *WIDE[:2],
        Column("Selector", lambda rc, _: shown_labels(rc["spec"].get("selector")), wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    selectable=("status.replicas",),
    generation=True,
    # older than the garbage collector: who does not ask leaves its pods behind
    default_propagation="Orphan",
)
