"""What may be changed of a pod that exists: nearly nothing (Kubernetes: Pod update and replacement)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError

UPDATABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)
GROUPS = ("containers", "initContainers")
FREE = ("activeDeadlineSeconds", "tolerations", "schedulingGates")


def change_problems(new: Body, old: Body) -> Iterator[FieldError]:
    """Compares two specs."""
    if new == old:
        return
    for group in GROUPS:
        if len(new.get(group) or ()) != len(old.get(group) or ()):
            yield FieldError.forbidden(f"spec.{group}", "pod updates may not add or remove containers")
            return
    yield from _deadline(new.get("activeDeadlineSeconds"), old.get("activeDeadlineSeconds"))
    yield from _tolerations(new.get("tolerations") or (), old.get("tolerations") or ())
    yield from _gates(new.get("schedulingGates") or (), old.get("schedulingGates") or ())
    new, old = _without_updatable(new, old), _without_updatable(old, old)
    if new != old:
        allowed = ",".join(UPDATABLE)
        detail = f"pod updates may not change fields other than {allowed}\n{_difference(new, old)}"
        yield FieldError.forbidden("spec", detail)


def _deadline(new: int | None, old: int | None) -> Iterator[FieldError]:
    path = "spec.activeDeadlineSeconds"
    if old is not None and new is None:
        yield FieldError.invalid(path, new, "must not update from a positive integer to nil value")
    elif old is not None and new is not None and new > old:
        yield FieldError.invalid(path, new, "must be less than or equal to previous value")


def _tolerations(new: Sequence[Body], old: Sequence[Body]) -> Iterator[FieldError]:
    known = [_without_seconds(toleration) for toleration in new]
    if any(_without_seconds(toleration) not in known for toleration in old):
        detail = "existing toleration can not be modified except its tolerationSeconds"
        yield FieldError.forbidden("spec.tolerations", detail)


def _gates(new: Sequence[Body], old: Sequence[Body]) -> Iterator[FieldError]:
    for index, gate in enumerate(new):
        if gate not in old:
            detail = f"only deletion is allowed, but found new scheduling gate '{gate.get('name')}'"
            yield FieldError.forbidden(f"spec.schedulingGates[{index}].name", detail)


def _without_seconds(toleration: Body) -> Body:
    return {name: value for name, value in toleration.items() if name != "tolerationSeconds"}


def _without_updatable(spec: Body, old: Body) -> Body:
    rest = {name: value for name, value in spec.items() if name not in FREE}
    for group in GROUPS:
        if rest.get(group):
            rest[group] = [{**container, "image": ""} for container in rest[group]]
    if (old.get("terminationGracePeriodSeconds") or 0) < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        rest["terminationGracePeriodSeconds"] = old["terminationGracePeriodSeconds"]
    return rest


def _difference(new: Body, old: Body) -> str:
    """The fields that differ, one line each for what was and what was asked for."""
    lines = []
    for name in sorted({**old, **new}):
        if old.get(name) != new.get(name):
            lines += [f"- {name}: {old[name]!r}"] if name in old else []
            lines += [f"+ {name}: {new[name]!r}"] if name in new else []
    return "\n".join(lines)
