"""A heartbeat, or who leads (Kubernetes: Leases)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new.get("spec") or {}
    duration = spec.get("leaseDurationSeconds")
    if duration is not None and duration <= 0:
        yield FieldError.invalid("spec.leaseDurationSeconds", duration, "must be greater than 0")
    yield from number_problem(spec.get("leaseTransitions"), "spec.leaseTransitions")


LEASE = Kind(
    "coordination.k8s.io/v1",
    "Lease",
    "leases",
    columns=framed(Column("Holder", lambda lease, _: dig(lease, "spec.holderIdentity", ""))),
    validate=problems,
)
