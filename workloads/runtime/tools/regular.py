"""Regular expressions of grep, sed and expr, for Python's engine."""

from workloads.images.regular import safe

__all__ = ["basic", "classes", "safe"]


def classes(pattern: str) -> str:
    for name, letters in (("digit", "0-9"), ("alpha", "a-zA-Z"), ("alnum", "a-zA-Z0-9"), ("space", r"\s"),
                          ("upper", "A-Z"), ("lower", "a-z")):  # fmt: skip
        pattern = pattern.replace(f"[:{name}:]", letters)
    return pattern


def basic(pattern: str) -> str:
    """A basic regular expression (\\( \\) \\{ \\} \\| are the special ones) as an extended one."""
    out, at = [], 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            after = pattern[at + 1]
            out.append(after if after in "(){}|+?" else "\\" + after)
            at += 2
            continue
        out.append("\\" + char if char in "(){}|+?" or (char == "*" and not out) else char)
        at += 1
    return classes("".join(out))
