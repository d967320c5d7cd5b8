"""Shell patterns (*, ?, [...], backslash) as regular expressions."""

import re
from functools import lru_cache

MAGIC = "*?["


def regex(pattern: str) -> str:
    """Each star but the last takes as little as it can and never tries again: no pattern takes for ever."""
    *parts, last = _between_stars(pattern)
    if not parts:
        return last
    first, *middle = parts
    return first + "".join(f"(?>.*?{part})" for part in middle if part) + ".*" + last


def _between_stars(pattern: str) -> list[str]:
    parts: list[list[str]] = [[]]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            parts.append([])
        elif char == "?":
            parts[-1].append(".")
        elif char == "\\" and at < len(pattern):
            parts[-1].append(re.escape(pattern[at]))
            at += 1
        elif char == "[" and (end := pattern.find("]", at + 2 if pattern[at : at + 1] in "!^" else at + 1)) > 0:
            parts[-1].append(_set(pattern[at:end]))
            at = end + 1
        else:
            parts[-1].append(re.escape(char))
    return ["".join(part) for part in parts]


CLASSES = {"[:digit:]": "0-9", "[:alpha:]": "a-zA-Z", "[:alnum:]": "a-zA-Z0-9", "[:space:]": r"\s", "[:upper:]": "A-Z",
           "[:lower:]": "a-z"}  # fmt: skip


def _set(inner: str) -> str:
    negated = inner[0] in "!^"
    inner = inner[1:] if negated else inner
    for name, letters in CLASSES.items():
        inner = inner.replace(name, letters)
    inner = inner.replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    return f"[{'^' if negated else ''}{inner}]"


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(regex(pattern), re.DOTALL)
    except re.error:
        return re.compile(re.escape(pattern))


def matches(pattern: str, text: str) -> bool:
    return compiled(pattern).fullmatch(text) is not None


def escape(text: str) -> str:
    """Quoted text stands for itself in a pattern."""
    return "".join("\\" + char if char in "*?[]\\!^-" else char for char in text)


def plain(pattern: str) -> str:
    """The text of a pattern that turned out to match nothing, its escapes removed."""
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)


def is_magic(pattern: str) -> bool:
    bare = re.sub(r"\\.", "", pattern, flags=re.DOTALL) if "\\" in pattern else pattern
    return any(char in bare for char in MAGIC)


def trim(text: str, pattern: str, operator: str) -> str:
    """${x#p}, ${x##p}, ${x%p}, ${x%%p}."""
    ends = range(len(text) + 1)
    if operator in ("#", "##"):
        order = ends if operator == "#" else reversed(ends)
        found = next((text[end:] for end in order if matches(pattern, text[:end])), text)
    else:
        order = reversed(ends) if operator == "%" else ends
        found = next((text[:start] for start in order if matches(pattern, text[start:])), text)
    return found
