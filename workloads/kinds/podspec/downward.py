"""What a pod may ask about itself (Kubernetes: Downward API)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError

_SUBSCRIPT = re.compile(r"(metadata\.(?:labels|annotations))\['([^']*)'\]")
_BOTH = ("metadata.name", "metadata.namespace", "metadata.uid")
IN_VARIABLES = (
    *_BOTH,
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
)
IN_FILES = (*_BOTH, "metadata.annotations", "metadata.labels")
KNOWN = tuple(dict.fromkeys((*IN_VARIABLES, *IN_FILES)))
RESOURCES = tuple(
    f"{group}.{name}" for group in ("limits", "requests") for name in ("cpu", "ephemeral-storage", "memory")
)


def field_problems(source: Body, path: str, *, in_file: bool = False) -> Iterator[FieldError]:
    """A `fieldRef`: of the pod's metadata, spec or status."""
    wanted = source.get("fieldPath") or ""
    if not wanted:
        yield FieldError.required(f"{path}.fieldPath")
        return
    subscript = _SUBSCRIPT.fullmatch(wanted)
    if subscript:
        key = subscript.group(2)
        for wrong in names.qualified(key.lower() if "annotations" in wanted else key):
            yield FieldError.invalid(f"{path}.fieldPath", key, wrong)
    elif wanted not in KNOWN:
        detail = f"error converting fieldPath: field label not supported: {wanted}"
        yield FieldError.invalid(f"{path}.fieldPath", wanted, detail)
    elif wanted not in (IN_FILES if in_file else IN_VARIABLES):
        yield FieldError.unsupported(f"{path}.fieldPath", wanted, IN_FILES if in_file else IN_VARIABLES)


def resource_problems(source: Body, path: str, *, in_file: bool = False) -> Iterator[FieldError]:
    """A `resourceFieldRef`: a container's request or limit."""
    if in_file and not source.get("containerName"):
        yield FieldError.required(f"{path}.containerName")
    wanted = source.get("resource") or ""
    if not wanted:
        yield FieldError.required(f"{path}.resource")
    elif wanted not in RESOURCES:
        yield FieldError.unsupported(f"{path}.resource", wanted, RESOURCES)


def item_problems(item: Body, path: str) -> Iterator[FieldError]:
    """One file of a downwardAPI volume."""
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if field is not None:
        if resource is not None:
            both = "fieldRef and resourceFieldRef can not be specified simultaneously"
            yield FieldError.invalid(path, "resource", both)
        yield from field_problems(field, f"{path}.fieldRef", in_file=True)
    elif resource is not None:
        yield from resource_problems(resource, f"{path}.resourceFieldRef", in_file=True)
    else:
        yield FieldError.required(path, "one of fieldRef and resourceFieldRef is required")
