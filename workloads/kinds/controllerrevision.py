"""A template that a StatefulSet or DaemonSet once had, to go back to (Kubernetes: ControllerRevision)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, controller_of
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    if new.get("data") is None:
        yield FieldError.required("data", "data is mandatory")
    yield from number_problem(new.get("revision"), "revision")
    if old is not None and new.get("data") != old.get("data"):
        yield FieldError.immutable("data", new.get("data"))


def shown_controller(revision: Body) -> str:
    """`statefulset.apps/web`."""
    owner = controller_of(revision)
    if owner is None:
        return "<none>"
    group = owner["apiVersion"].rpartition("/")[0]
    return f"{owner['kind'].lower()}{'.' if group else ''}{group}/{owner['name']}"


CONTROLLERREVISION = Kind(
    "apps/v1",
    "ControllerRevision",
    "controllerrevisions",
    columns=framed(
        Column("Controller", lambda revision, _: shown_controller(revision)),
        Column("Revision", "revision", type="integer"),
    ),
    validate=problems,
)
