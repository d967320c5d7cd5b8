"""Brace expansion: {a,b} and {1..5}, before anything else is expanded."""

import re

from workloads.runtime.numbers import whole
from workloads.runtime.shell.scanner import Word

BRACE = re.compile(r"\{([^{}\s]*)\}")
MOST = 1000


def braces(word: Word) -> list[Word]:
    """The words that a word becomes. Only unquoted text is looked at, and the innermost braces first."""
    for at, piece in enumerate(word):
        if piece[0] != "lit" or piece[2]:
            continue
        for found in BRACE.finditer(piece[1]):
            parts = _parts(found[1])
            if not parts:
                continue
            made: list[Word] = []
            for part in parts:
                text = piece[1][: found.start()] + part + piece[1][found.end() :]
                made.extend(braces((*word[:at], ("lit", text, False), *word[at + 1 :])) if text else [
                    (*word[:at], *word[at + 1 :])])  # fmt: skip
                if len(made) > MOST:
                    return [word]
            return made
    return [word]


def _parts(text: str) -> list[str]:
    if "," in text:
        return text.split(",")
    ends = text.split("..")
    if len(ends) not in (2, 3) or "" in ends:
        return []
    step = whole(ends[2]) if len(ends) == 3 else 1
    first, last = whole(ends[0]), whole(ends[1])
    if first is not None and last is not None and step:
        numbers = range(first, last + (1 if last >= first else -1), abs(step) if last >= first else -abs(step))
        width = max(len(end) for end in ends[:2]) if any(len(end) > 1 and end[0] == "0" for end in ends[:2]) else 0
        return [str(number).zfill(width) for number in numbers[:MOST]]
    if len(ends[0]) == len(ends[1]) == 1:
        one, two = ord(ends[0]), ord(ends[1])
        return [chr(code) for code in range(one, two + (1 if two >= one else -1), 1 if two >= one else -1)]
    return []
