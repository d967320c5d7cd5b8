"""What may be wrong with a Job's podFailurePolicy (KEP-3329: Retriable and non-retriable Pod failures for Jobs)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds import names
from clusters.kinds.body import Body, dig
from clusters.kinds.problem import FieldError

ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")
MOST_RULES, MOST_CODES = 20, 255


def failure_policy_problems(spec: Body, path: str) -> Iterator[FieldError]:
    rules: Sequence[Body] = spec["podFailurePolicy"].get("rules") or ()
    path = f"{path}.podFailurePolicy.rules"
    if len(rules) > MOST_RULES:
        yield FieldError(path, "FieldValueTooMany", f"Too many: {len(rules)}: must have at most {MOST_RULES} items")
    pod = dig(spec, "template.spec") or {}
    containers = [one.get("name") for one in (*(pod.get("initContainers") or ()), *(pod.get("containers") or ()))]
    for index, rule in enumerate(rules):
        yield from _rule(rule, spec, containers, f"{path}[{index}]")


def _rule(rule: Body, spec: Body, containers: Sequence[str | None], path: str) -> Iterator[FieldError]:
    action, codes, conditions = rule.get("action"), rule.get("onExitCodes"), rule.get("onPodConditions") or ()
    if not action:
        known = ", ".join(f'"{one}"' for one in ACTIONS)
        yield FieldError.required(f"{path}.action", f"valid values: [{known}]")
    elif action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        yield FieldError.invalid(f"{path}.action", action, "requires the backoffLimitPerIndex to be set")
    elif action not in ACTIONS:
        yield FieldError.unsupported(f"{path}.action", action, ACTIONS)
    if codes:
        yield from _codes(codes, containers, f"{path}.onExitCodes")
    for index, pattern in enumerate(conditions):
        yield from _condition(pattern, f"{path}.onPodConditions[{index}]")
    if bool(codes) == bool(conditions):
        both = "specifying both OnExitCodes and OnPodConditions is not supported"
        none = "specifying one of OnExitCodes and OnPodConditions is required"
        yield FieldError(path, "FieldValueInvalid", f"Invalid value: {both if codes else none}")


def _codes(rule: Body, containers: Sequence[str | None], path: str) -> Iterator[FieldError]:
    operator, values, container = rule.get("operator") or "", rule.get("values") or (), rule.get("containerName")
    if operator not in OPERATORS:
        yield FieldError.unsupported(f"{path}.operator", operator, OPERATORS)
    if container is not None and container not in containers:
        told = "must be one of the container or initContainer names in the pod template"
        yield FieldError.invalid(f"{path}.containerName", container, told)
    if not values:
        yield FieldError.invalid(f"{path}.values", list(values), "at least one value is required")
    elif len(values) > MOST_CODES:
        told = f"Too many: {len(values)}: must have at most {MOST_CODES} items"
        yield FieldError(f"{path}.values", "FieldValueTooMany", told)
    if list(values) != sorted(values):
        yield FieldError.invalid(f"{path}.values", list(values), "must be ordered")
    for index, value in enumerate(values):
        if value in values[:index]:
            yield FieldError.duplicate(f"{path}.values[{index}]", value)
        if value == 0 and operator == "In":
            yield FieldError.invalid(f"{path}.values[{index}]", 0, "must not be 0 for the In operator")


def _condition(pattern: Body, path: str) -> Iterator[FieldError]:
    for wrong in names.qualified(pattern.get("type") or ""):
        yield FieldError.invalid(f"{path}.type", pattern.get("type") or "", wrong)
    if pattern.get("status") not in STATUSES:
        yield FieldError.unsupported(f"{path}.status", pattern.get("status"), STATUSES)
