"""Expansion: parameters, field splitting, and file names that match a pattern."""

from typing import Any

from workloads.runtime.files import Files, normal
from workloads.runtime.shell.pattern import escape, is_magic, matches, plain

EXPANDED, QUOTED, LITERAL = 0, 1, 2  # what a piece of a word is: only the expanded are split, the quoted never globbed
BREAK = [None, QUOTED]  # between the fields of "$@"
BLANK = " \t\n"
Pieces = list[list[Any]]


def text(pieces: Pieces) -> str:
    """The word as one string, without splitting."""
    return "".join(" " if piece[0] is None else piece[0] for piece in pieces)


def pattern(pieces: Pieces) -> str:
    return "".join(" " if value is None else escape(value) if kind == QUOTED else value for value, kind in pieces)


def fields(pieces: Pieces, separators: str, files: Files, cwd: str) -> list[str]:
    """The arguments that a word becomes."""
    if len(pieces) == 1 and pieces[0][1] == QUOTED and pieces[0][0] is not None:
        return [pieces[0][0]]
    found: list[str] = []
    for field in _split(pieces, separators):
        wanted = pattern(field)
        if any(kind != QUOTED for _, kind in field) and is_magic(wanted):
            found.extend(glob(wanted, files, cwd) or [text(field)])
        else:
            found.append(text(field))
    return found


def _split(pieces: Pieces, separators: str) -> list[Pieces]:
    found: list[Pieces] = []
    current: Pieces | None = None
    for value, kind in pieces:
        if value is None:
            found.append(current or [["", QUOTED]])
            current = None
        elif kind != EXPANDED:
            current = [*(current or []), [value, kind]]
        else:
            current = _split_piece(value, separators, found, current)
    if current is not None:
        found.append(current)
    return found


def _split_piece(value: str, separators: str, found: list[Pieces], current: Pieces | None) -> Pieces | None:
    start = at = 0
    while at < len(value):
        if value[at] not in separators:
            at += 1
            continue
        if at > start:
            current = [*(current or []), [value[start:at], EXPANDED]]
        is_blank = value[at] in BLANK
        while at < len(value) and value[at] in separators and value[at] in BLANK:
            at += 1
        if at < len(value) and value[at] in separators and value[at] not in BLANK:
            at += 1
            is_blank = False
            while at < len(value) and value[at] in separators and value[at] in BLANK:
                at += 1
        if current is not None or not is_blank:
            found.append(current or [["", QUOTED]])
            current = None
        start = at
    return [*(current or []), [value[start:], EXPANDED]] if start < len(value) else current


def glob(wanted: str, files: Files, cwd: str) -> list[str]:
    """The existing paths that match, sorted; written as the pattern is (relative or absolute)."""
    is_absolute = wanted.startswith("/")
    found = ["/" if is_absolute else ""]
    for part in [part for part in wanted.split("/") if part]:
        found = [path for before in found for path in _step(before, part, files, cwd)]
    return sorted(found)


def _step(before: str, part: str, files: Files, cwd: str) -> list[str]:
    folder = normal(before or ".", cwd)
    prefix = before if before in ("", "/") else before + "/"
    if not is_magic(part):
        name = plain(part)
        return [prefix + name] if files.exists(normal(name, folder)) else []
    if not files.is_folder(folder):
        return []
    hidden = part.startswith(".")
    return [prefix + name for name in files.names(folder) if name.startswith(".") == hidden and matches(part, name)]
