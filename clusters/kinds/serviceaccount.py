"""Who a pod is to the API (Kubernetes: Service Accounts)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)


SERVICEACCOUNT = Kind(
    "v1",
    "ServiceAccount",
    "serviceaccounts",
    short=("sa",),
    subresources=("token",),
    columns=framed(Column("Secrets", lambda account, _: len(account.get("secrets") or ()))),
    validate=problems,
)
