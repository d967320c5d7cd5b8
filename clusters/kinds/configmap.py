"""Settings that are no secret (Kubernetes: ConfigMaps)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body
from clusters.kinds.data import data_problems, frozen_problems, held
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    binary = new.get("binaryData") or {}
    yield from data_problems(new.get("data") or {}, "data", encoded=False)
    yield from data_problems(binary, "binaryData", encoded=True)
    for name in new.get("data") or {}:
        if name in binary:
            yield FieldError.invalid(f"data[{name}]", name, "duplicate of key present in binaryData")
    if old is not None:
        yield from frozen_problems(new, old, ("data", "binaryData"))


CONFIGMAP = Kind(
    "v1",
    "ConfigMap",
    "configmaps",
    short=("cm",),
    columns=framed(Column("Data", lambda body, _: held(body), type="string")),
    validate=problems,
)
