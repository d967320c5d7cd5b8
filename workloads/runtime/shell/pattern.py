"""Shell patterns (*, ?, [...], backslash) as regular expressions."""

import re
from functools import lru_cache

MAGIC = "*?["


@lru_cache(maxsize=1024)
def regex(pattern: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            out.append(".*" if out[-1:] != [".*"] else "")
        elif char == "?":
            out.append(".")
        elif char == "\\" and at < len(pattern):
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[" and (end := pattern.find("]", at + 2 if pattern[at : at + 1] in "!^" else at + 1)) > 0:
            out.append(_set(pattern[at:end]))
            at = end + 1
        else:
            out.append(re.escape(char))
    return "".join(out)


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
    bare = re.sub(r"\\.", "", pattern, flags=re.DOTALL)
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
