"""A way to run containers that pods choose by name (Kubernetes: Runtime Class, Pod Overhead)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import label, subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import is_quantity, parse


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    handler = new.get("handler") or ""
    for wrong in label(handler):
        yield FieldError.invalid("handler", handler, wrong)
    for name, amount in ((new.get("overhead") or {}).get("podFixed") or {}).items():
        if is_quantity(str(amount)) and parse(amount) < 0:
            yield FieldError.invalid(f"overhead.podFixed[{name}]", amount, "must be greater than or equal to 0")
    if old is not None and (old.get("handler") or "") != handler:
        yield FieldError.immutable("handler", handler)


RUNTIMECLASS = Kind(
    "node.k8s.io/v1",
    "RuntimeClass",
    "runtimeclasses",
    namespaced=False,
    columns=framed(Column("Handler", "handler")),
    validate=problems,
)
