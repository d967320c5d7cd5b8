"""Whole numbers in a query, an annotation or a label, as Go's strconv reads them: ASCII digits that fit 64 bits."""

from __future__ import annotations

MOST = (1 << 63) - 1
LONGEST = len(str(MOST))


def whole_number(text: str) -> int | None:
    """The number, None where the text is none."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > LONGEST or int(digits) > MOST:
        return None
    return int(text)
