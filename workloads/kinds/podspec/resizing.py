"""Other resources for a pod that runs (Kubernetes: Resize CPU and Memory Resources assigned to Containers)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.kinds.kind import Part
from clusters.kinds.problem import FieldError
from workloads.kinds.podspec.containers import container_problems
from workloads.kinds.podspec.ephemeral import MIRROR, with_owners
from workloads.kinds.qos import qos_class

GROUPS = ("containers", "initContainers")
FIELDS = ("resources", "resizePolicy")
MUTABLE = ("cpu", "memory")


def keep_rest(new: Body, old: Body) -> Body:
    """Through the subresource nothing but the containers' resources is written; other containers are no resize."""
    spec = {**old["spec"]}
    for group in GROUPS:
        wanted, there = new["spec"].get(group) or (), old["spec"].get(group) or ()
        if [one.get("name") for one in wanted] != [one["name"] for one in there]:
            return new
        if there:
            spec[group] = [_resized(one, was) for one, was in zip(wanted, there, strict=True)]
    return with_owners({**old, "spec": spec}, new)


def _resized(new: Body, old: Body) -> Body:
    kept = {field: value for field, value in old.items() if field not in FIELDS}
    return {**kept, **{field: new[field] for field in FIELDS if field in new}}


def problems(new: Body, old: Body) -> Iterator[FieldError]:
    """Amounts change, kinds of resources and the class of service do not."""
    if MIRROR in (old["metadata"].get("annotations") or {}):
        yield FieldError.forbidden("", "static pods cannot be resized")
    was, would_be = (old.get("status") or {}).get("qosClass") or qos_class(old["spec"]), qos_class(new["spec"])
    if was != would_be:
        yield FieldError.invalid("spec", was, "Pod QOS Class may not change as a result of resizing")
    for group in GROUPS:
        wanted, there = new["spec"].get(group) or (), old["spec"].get(group) or ()
        if [one.get("name") for one in wanted] != [one["name"] for one in there]:
            yield FieldError.forbidden("spec", "only cpu and memory resources are mutable")
            return
        for index, (one, before) in enumerate(zip(wanted, there, strict=True)):
            if one != before:
                yield from _container(one, before, f"spec.{group}[{index}]", is_init=group == "initContainers")


def _container(new: Body, old: Body, path: str, *, is_init: bool) -> Iterator[FieldError]:
    if is_init and old.get("restartPolicy") != "Always":
        yield FieldError.forbidden(f"{path}.resources", "resources for non-sidecar init containers are immutable")
        return
    own = {**new, "volumeMounts": ()}  # the volumes were checked when the pod was made
    yield from container_problems(own, path, ())
    for side, one in (("requests", "request"), ("limits", "limit")):
        before = (old.get("resources") or {}).get(side) or {}
        after = (new.get("resources") or {}).get(side) or {}
        if any(name not in after for name in before):
            yield FieldError.forbidden(f"{path}.resources", f"resource {one}s cannot be removed")
        elif any(before.get(name) != after[name] for name in after if name not in MUTABLE):
            yield FieldError.forbidden("spec", "only cpu and memory resources are mutable")


RESIZE = Part(keep_rest, problems)
