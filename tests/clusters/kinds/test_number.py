"""Whole numbers as Go reads them: what only Python takes for a digit is none."""

from __future__ import annotations

import pytest

from clusters.kinds.number import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), ("-7", -7), (str((1 << 63) - 1), (1 << 63) - 1)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "--5", "+5", "1.0", "²", "٣", "1_0", " 1", str(1 << 63), "9" * 5000])
def test_all_else_is_none(text: str) -> None:
    assert whole_number(text) is None
