"""What may be wrong with a Job's successPolicy (KEP-3998: Job success/completion policy)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body
from clusters.kinds.metadata import number_problem
from clusters.kinds.problem import FieldError
from workloads.kinds.jobspec.indexes import NotIndexes, parsed

MOST_RULES, LONGEST = 20, 64 * 1024


def success_policy_problems(spec: Body, path: str) -> Iterator[FieldError]:
    policy, path = spec["successPolicy"], f"{path}.successPolicy"
    if spec.get("completionMode") != "Indexed":
        yield FieldError.invalid(path, policy, "requires indexed completion mode")
        return
    rules: Sequence[Body] = policy.get("rules") or ()
    if not rules:
        told = "at least one rules must be specified when the successPolicy is specified"
        yield FieldError.required(f"{path}.rules", told)
    if len(rules) > MOST_RULES:
        told = f"Too many: {len(rules)}: must have at most {MOST_RULES} items"
        yield FieldError(f"{path}.rules", "FieldValueTooMany", told)
    for index, rule in enumerate(rules):
        yield from _rule(rule, spec.get("completions") or 0, f"{path}.rules[{index}]")


def _rule(rule: Body, completions: int, path: str) -> Iterator[FieldError]:
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    if count is None and indexes is None:
        told = "at least one of succeededCount or succeededIndexes must be specified"
        yield FieldError.required(path, told)
    total = None
    if indexes is not None:
        if len(indexes) > LONGEST:
            yield FieldError.too_long(f"{path}.succeededIndexes", LONGEST)
        try:
            total = sum(len(one) for one in parsed(indexes, completions))
        except NotIndexes as wrong:
            yield FieldError.invalid(f"{path}.succeededIndexes", indexes, f"error parsing succeededIndexes: {wrong}")
    if count is not None:
        yield from number_problem(count, f"{path}.succeededCount")
        if count > completions:
            told = f"must be less than or equal to {completions} (the number of specified completions)"
            yield FieldError.invalid(f"{path}.succeededCount", count, told)
        if total is not None and count > total:
            told = (
                f"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
            )
            yield FieldError.invalid(f"{path}.succeededCount", count, told)
