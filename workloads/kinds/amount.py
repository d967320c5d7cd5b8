"""A number of pods, or a share of them in per cent (apimachinery: intstr.IntOrString)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.kinds.metadata import number_problem
from clusters.kinds.problem import FieldError

Amount = int | str
PERCENT = re.compile("[0-9]+%")
PERCENT_WRONG = (
    "a valid percent string must be a numeric string followed by an ending '%' "
    "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
)


def amount_problems(amount: Amount | None, path: str) -> Iterator[FieldError]:
    """A number from zero, or a percentage."""
    if isinstance(amount, str) and not PERCENT.fullmatch(amount):
        yield FieldError.invalid(path, amount, PERCENT_WRONG)
    if isinstance(amount, int):
        yield from number_problem(amount, path)


def share_problems(amount: Amount | None, path: str) -> Iterator[FieldError]:
    """A share of more than all makes no sense where pods may lack."""
    if isinstance(amount, str) and PERCENT.fullmatch(amount) and int(amount[:-1]) > 100:
        yield FieldError.invalid(path, amount, "must not be greater than 100%")


def is_nothing(amount: Amount | None) -> bool:
    """Zero, or no per cent."""
    if isinstance(amount, str):
        return bool(PERCENT.fullmatch(amount)) and not int(amount[:-1])
    return not amount


def scaled(amount: Amount, total: int, *, up: bool) -> int:
    """The number of pods that the amount means for so many; `up`: how a fraction is rounded."""
    if isinstance(amount, int):
        return amount
    share = int(amount.rstrip("%")) * total
    return -(-share // 100) if up else share // 100
