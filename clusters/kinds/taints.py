"""Taints of nodes and tolerations of pods (Kubernetes: Taints and Tolerations)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def taint_problems(taints: Sequence[Body], path: str) -> Iterator[FieldError]:
    """A key and an effect stand only once."""
    seen = []
    for index, taint in enumerate(taints):
        at = f"{path}[{index}]"
        key, effect = taint.get("key") or "", taint.get("effect") or ""
        for wrong in names.qualified(key):
            yield FieldError.invalid(f"{at}.key", key, wrong)
        for wrong in names.value(taint.get("value") or ""):
            yield FieldError.invalid(f"{at}.value", taint["value"], wrong)
        yield from _effect(effect, f"{at}.effect")
        if (key, effect) in seen:
            yield FieldError.duplicate(at, taint)
        seen.append((key, effect))


def toleration_problems(tolerations: Sequence[Body], path: str) -> Iterator[FieldError]:
    """An empty key with `Exists` tolerates everything."""
    for index, toleration in enumerate(tolerations):
        yield from _toleration(toleration, f"{path}[{index}]")


def _toleration(toleration: Body, at: str) -> Iterator[FieldError]:
    key, operator = toleration.get("key") or "", toleration.get("operator") or ""
    effect, value = toleration.get("effect") or "", toleration.get("value") or ""
    if key:
        for wrong in names.qualified(key):
            yield FieldError.invalid(f"{at}.key", key, wrong)
    elif operator != "Exists":
        everything = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield FieldError.invalid(f"{at}.operator", operator, everything)
    if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
        yield FieldError.invalid(f"{at}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
    if operator in ("", "Equal"):
        for wrong in names.value(value):
            yield FieldError.invalid(f"{at}.operator", value, wrong)
    elif operator == "Exists" and value:
        yield FieldError.invalid(f"{at}.operator", value, "value must be empty when `operator` is 'Exists'")
    elif operator != "Exists":
        yield FieldError.unsupported(f"{at}.operator", operator, ("Equal", "Exists"))
    if effect:
        yield from _effect(effect, f"{at}.effect")


def _effect(effect: str, path: str) -> Iterator[FieldError]:
    if not effect:
        yield FieldError.required(path)
    elif effect not in EFFECTS:
        yield FieldError.unsupported(path, effect, EFFECTS)
