"""A room of its own for names (Kubernetes: Namespaces)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig, put
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import label
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status

NAME_LABEL = "kubernetes.io/metadata.name"
FINALIZER = "kubernetes"


def fill_in(namespace: Body) -> None:
    metadata = namespace["metadata"]
    metadata["labels"] = {**(metadata.get("labels") or {}), NAME_LABEL: metadata.get("name") or ""}
    if is_new(namespace):
        finalizers = (namespace.get("spec") or {}).get("finalizers") or []
        others = [name for name in finalizers if name != FINALIZER]
        namespace["spec"] = {"finalizers": [*others, FINALIZER]}
        namespace["status"] = {"phase": "Active"}


def protect(new: Body, old: Body) -> Body:
    """`spec` is changed by the `finalize` subresource alone."""
    return {**keep_status(new, old), "spec": old["spec"]}


def terminating(namespace: Body) -> Body:
    return put(namespace, "status.phase", "Terminating")


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, label, namespaced=False)


def word(namespace: Body) -> str:
    return str(dig(namespace, "status.phase", ""))


NAMESPACE = Kind(
    "v1",
    "Namespace",
    "namespaces",
    namespaced=False,
    short=("ns",),
    subresources=("status", "finalize"),
    columns=framed(Column("Status", "status.phase")),
    defaults=fill_in,
    protect=protect,
    validate=problems,
    word=word,
    selectable=("status.phase",),
    marked=terminating,
    name_rule="label",
)
