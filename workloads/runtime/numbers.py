"""Numbers as people write them on a command line: short, decimal, ASCII."""

LONGEST = 18  # digits: what fits into 64 bits


def whole(text: str) -> int | None:
    """The integer, with a sign or without; None when it is none, or too long to be meant."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    return int(text) if is_digits(digits) else None


def is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST


def decimal(text: str) -> float | None:
    """A number with or without a fraction, not negative."""
    before, _, after = text.partition(".")
    is_one = bool(before or after) and all(part == "" or is_digits(part) for part in (before, after))
    return float(text) if is_one else None
