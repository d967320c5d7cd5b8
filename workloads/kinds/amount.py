"""A number of pods, or a share of them in per cent (apimachinery: intstr.IntOrString)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.intorstring import PERCENT, WRONG
from clusters.kinds.metadata import number_problem
from clusters.kinds.problem import FieldError

Amount = int | str


def amount_problems(amount: Amount | None, path: str) -> Iterator[FieldError]:
    """A number from zero, or a percentage."""
    if isinstance(amount, str) and not PERCENT.fullmatch(amount):
        yield FieldError.invalid(path, amount, WRONG)
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
