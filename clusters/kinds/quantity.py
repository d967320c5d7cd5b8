"""Amounts of a resource, exact (apimachinery: resource.Quantity): `250m` of CPU, `64Mi` of memory."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Any

PATTERN = r"^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
WRONG = f"quantities must match the regular expression '{PATTERN}'"
_SHAPE = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:([eE])([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_NANO = Fraction(1, 10**9)
_MOST = Fraction((1 << 63) - 1)
MOST_DIGITS = 400
Amount = str | int | float


class NotAQuantity(ValueError):
    """The text is no amount."""

    def __init__(self) -> None:
        super().__init__(WRONG)


def parse(amount: Amount) -> Fraction:
    """The exact value. Raises NotAQuantity."""
    return _parsed(str(amount))[0]


def is_quantity(amount: Any) -> bool:
    """Whether `parse` would take it."""
    try:
        parse(amount)
    except NotAQuantity:
        return False
    return True


@lru_cache(4096)
def cpu_millis(amount: Amount) -> int:
    """Thousandths of a CPU, rounded up as kube-scheduler does."""
    return ceil(_capped(parse(amount) * 1000))


@lru_cache(4096)
def memory_bytes(amount: Amount) -> int:
    """Whole bytes (or pieces, of what is counted in pieces), rounded up."""
    return ceil(parse(amount))


@lru_cache(4096)
def canonical(amount: Amount) -> str:
    """As the API server writes it down: `0.5` is `500m`, `1024Mi` is `1Gi`, `1500m` stays."""
    value, style = _parsed(str(amount))
    if style == "binary" and abs(value) >= 1024:
        return _binary(ceil(value))
    return _decimal(_to_nano(value), style == "exponent")


def format_millis(millis: int) -> str:
    """Thousandths as a canonical quantity: 1500 is `1500m`, 2000 is `2`."""
    return _decimal(Fraction(millis, 1000), False)


def format_bytes(count: int) -> str:
    """Bytes with the largest binary suffix that loses nothing."""
    return _binary(count) if abs(count) >= 1024 else str(count)


def written(value: Fraction, *, binary: bool) -> str:
    """An exact value as a canonical quantity; `binary`: with a binary suffix where one fits."""
    whole = binary and value.denominator == 1 and value % 1024 == 0 and value
    return _binary(int(value)) if whole else _decimal(_to_nano(value), False)


@lru_cache(4096)
def _parsed(text: str) -> tuple[Fraction, str]:
    found = _SHAPE.fullmatch(text)
    if not found:
        raise NotAQuantity
    sign, digits, letter, exponent, suffix = found.groups()
    if len(digits) > MOST_DIGITS or (letter and len(exponent) > 4):
        raise NotAQuantity
    value = Fraction(digits) * (-1 if sign == "-" else 1)
    if letter:
        return _capped(value * Fraction(10) ** int(exponent)), "exponent"
    if suffix in _BINARY:
        return _capped(value * 2 ** _BINARY[suffix]), "binary"
    return _capped(value * Fraction(10) ** _DECIMAL[suffix or ""]), "decimal"


def _capped(value: Fraction) -> Fraction:
    """No amount is beyond what 64 bits hold: larger ones count as that."""
    return max(-_MOST, min(_MOST, value))


def _to_nano(value: Fraction) -> Fraction:
    """Nothing is finer than a billionth; what is, counts as the next billionth away from zero."""
    count = ceil(abs(value) / _NANO) * _NANO
    return -count if value < 0 else count


def _decimal(value: Fraction, exponent: bool) -> str:
    if value == 0:
        return "0"
    for suffix, power in reversed(_DECIMAL.items()):
        scaled = value / Fraction(10) ** power
        if scaled.denominator == 1:
            shown = (f"e{power}" if power else "") if exponent else suffix
            return f"{scaled.numerator}{shown}"
    raise AssertionError("a whole number of billionths has a suffix")


def _binary(count: int) -> str:
    for suffix, power in reversed(_BINARY.items()):
        if count % (1 << power) == 0:
            return f"{count >> power}{suffix}"
    return str(count)
