"""Containers that are added to a pod that runs, for somebody to look around (Kubernetes: Ephemeral Containers)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.kind import Part
from clusters.kinds.problem import FieldError
from workloads.kinds.podspec.containers import container_problems

FIELD = "ephemeralContainers"
PATH = f"spec.{FIELD}"
MIRROR = "kubernetes.io/config.mirror"
# nothing may depend on a container that is never restarted
REFUSED = ("ports", "resources", "resizePolicy", "restartPolicy", "livenessProbe", "readinessProbe", "startupProbe",
           "lifecycle")  # fmt: skip
CANNOT = "cannot be set for an Ephemeral Container"


def keep_rest(new: Body, old: Body) -> Body:
    """Through the subresource nothing but the list of ephemeral containers is written."""
    spec = {**old["spec"]}
    spec.pop(FIELD, None)
    if new["spec"].get(FIELD):
        spec[FIELD] = new["spec"][FIELD]
    return with_owners({**old, "spec": spec}, new)


def with_owners(kept: Body, new: Body) -> Body:
    """The old metadata, but for who owns which field."""
    owners = new["metadata"].get("managedFields")
    return {**kept, "metadata": {**kept["metadata"], "managedFields": owners}} if owners else kept


def problems(new: Body, old: Body) -> Iterator[FieldError]:
    """More may come; none may go or change."""
    if MIRROR in (old["metadata"].get("annotations") or {}):
        yield FieldError.forbidden("", "static pods do not support ephemeral containers")
    wanted, there = new["spec"].get(FIELD) or (), old["spec"].get(FIELD) or ()
    volumes = tuple(volume.get("name") or "" for volume in new["spec"].get("volumes") or ())
    others = [one["name"] for group in ("containers", "initContainers") for one in new["spec"].get(group) or ()]
    seen = list(others)
    for index, container in enumerate(wanted):
        yield from _one(container, f"{PATH}[{index}]", seen, others, volumes)
    yield from _changes({one.get("name"): one for one in wanted}, there)


def _one(
    container: Body, path: str, seen: list[str], others: Sequence[str], volumes: Sequence[str]
) -> Iterator[FieldError]:
    name = container.get("name") or ""
    if not name:
        yield FieldError.required(f"{path}.name")
    for wrong in names.label(name) if name else ():
        yield FieldError.invalid(f"{path}.name", name, wrong)
    if name in seen:
        yield FieldError.duplicate(f"{path}.name", name)
    seen.append(name)
    yield from container_problems(container, path, volumes)
    target = container.get("targetContainerName")
    if target and target not in others:
        yield FieldError.not_found(f"{path}.targetContainerName", target)
    for field in REFUSED:
        if container.get(field):
            yield FieldError.forbidden(f"{path}.{field}", CANNOT)
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        for field in ("subPath", "subPathExpr"):
            if mount.get(field):
                yield FieldError.forbidden(f"{path}.volumeMounts[{index}].{field}", CANNOT)


def _changes(wanted: Body, there: Sequence[Body]) -> Iterator[FieldError]:
    for old in there:
        name = old["name"]
        if name not in wanted:
            yield FieldError.forbidden(PATH, f'existing ephemeral containers "{name}" may not be removed\n')
        elif wanted[name] != old:
            yield FieldError.forbidden(PATH, f'existing ephemeral containers "{name}" may not be changed\n')


EPHEMERAL = Part(keep_rest, problems)
