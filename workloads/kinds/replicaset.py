"""So many pods of one template (Kubernetes: ReplicaSet)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from workloads.kinds.template import WIDE, fill_in_template, selector_and_template_problems


def fill_in(rs: Body) -> None:
    spec = rs.setdefault("spec", {})
    if spec.get("replicas") is None:
        spec["replicas"] = 1
    fill_in_template(spec)
    if is_new(rs):
        rs["status"] = {"replicas": 0}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from number_problem(spec["replicas"], "spec.replicas")
    yield from number_problem(spec.get("minReadySeconds"), "spec.minReadySeconds")
    yield from selector_and_template_problems(spec, old["spec"] if old else None)


def word(rs: Body) -> str:
    """`2/3`: how many of the wanted are ready."""
    return f"{dig(rs, 'status.readyReplicas', 0)}/{rs['spec'].get('replicas', 1)}"


REPLICASET = Kind(
    "apps/v1",
    "ReplicaSet",
    "replicasets",
    short=("rs",),
    categories=("all",),
    subresources=("status", "scale"),
    columns=framed(
        Column("Desired", lambda rs, _: rs["spec"].get("replicas", 1), type="integer"),
        Column("Current", lambda rs, _: dig(rs, "status.replicas", 0), type="integer"),
        Column("Ready", lambda rs, _: dig(rs, "status.readyReplicas", 0), type="integer"),
        *WIDE,
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    selectable=("status.replicas",),
    generation=True,
)
