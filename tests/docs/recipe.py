"""A recipe as data: its code blocks, each with the file that it is for; and how to carry it out in a copy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playground.supervise.environment import ROOT

FOLDER = ROOT / "docs" / "recipes"
COPIED = ("clusters", "workloads", "networking", "playground", "tests")
BLOCK = re.compile(
    r"\*\*`(?P<path>[^`]+)`\*\*[^\n]*\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Block:
    """What a recipe says to write. `diff`: lines with + go in behind the line above them, which is there already."""

    path: str
    language: str
    text: str


def recipes() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))


def blocks(recipe: Path) -> list[Block]:
    return [Block(**found.groupdict()) for found in BLOCK.finditer(recipe.read_text())]


def scratch(folder: Path) -> Path:
    """A copy of the repository's Python, in which a recipe may be carried out."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def carry_out(recipe: Path, copy: Path) -> None:
    """Do what the recipe says."""
    for block in blocks(recipe):
        file = copy / block.path
        if block.language == "diff":
            file.write_text("\n".join(changed(file.read_text().split("\n"), block.text.splitlines())))
        else:
            assert not file.exists(), f"{block.path} is there already"
            file.write_text(block.text)


def changed(lines: list[str], diff: list[str]) -> Iterator[str]:
    """The file's lines with the new ones behind those that the diff shows before them."""
    at = 0
    for line in diff:
        mark, text = line[:1], line[1:]
        if mark == "+":
            yield text
            continue
        assert text in lines[at:], f"there is no line {text!r} any more"
        until = lines.index(text, at) + 1
        yield from lines[at:until]
        at = until
    yield from lines[at:]
