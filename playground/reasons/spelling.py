"""Two words that are nearly the same: the letters by which they differ."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

from playground.reasons.answer import Spelt


def spelt(word: str, other: str, *, gaps: bool = True) -> Spelt:
    """`word`, with what it has otherwise than `other` marked; `gaps`: a dot where a letter is missing."""
    if word == other:
        return Spelt(((word, False),))
    parts: list[tuple[str, bool]] = []
    for same, _, _, begin, end in SequenceMatcher(None, other, word, autojunk=False).get_opcodes():
        letters = word[begin:end]
        if letters:
            parts.append((letters, same != "equal"))
        elif gaps and same == "delete":
            parts.append(("·", True))  # a letter that is missing here
    return Spelt(tuple(parts))


@lru_cache(maxsize=8192)
def likeness(one: str, other: str) -> float:
    """1 for the same word, 0 for nothing in common."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
