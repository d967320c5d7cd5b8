"""A number or a percentage (apimachinery: intstr.IntOrString)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from typing import Any

from clusters.kinds.metadata import number_problem
from clusters.kinds.problem import FieldError

PERCENT = re.compile("[0-9]+%")
WRONG = (
    "a valid percent string must be a numeric string followed by an ending '%' "
    "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"
)


def amount_problems(amount: Any, path: str) -> Iterator[FieldError]:
    """Neither below zero nor above 100%."""
    if isinstance(amount, int):
        yield from number_problem(amount, path)
    elif isinstance(amount, str) and not PERCENT.fullmatch(amount):
        yield FieldError.invalid(path, amount, WRONG)
    elif isinstance(amount, str) and int(amount[:-1]) > 100:
        yield FieldError.invalid(path, amount, "must not be greater than 100%")


def scaled(amount: int | str, total: int) -> int:
    """The number itself, or so many percent of the total, rounded up."""
    return amount if isinstance(amount, int) else ceil(int(amount.rstrip("%")) * total / 100)
