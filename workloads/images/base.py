"""The distribution that an image is built from: its commands, folders and files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from workloads.images.image import Image

BASES = ("alpine", "busybox", "debian", "redhat", "scratch")


@dataclass(frozen=True, slots=True)
class Base:
    shell: str  # which program its `sh` is: "ash", "bash", "dash" or "none"
    not_found: str  # what that shell says of a command that is not there
    commands: Mapping[str, frozenset[str]]  # folder -> commands
    directories: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tree:
    """All that an image holds before a container has changed anything."""

    files: Mapping[str, str]  # path -> text
    programs: Mapping[str, str]  # path -> what it is: "server", "wrapper", or the name of a tool
    anything: str  # what a command is that is not listed; "": it does not exist
    children: Mapping[str, tuple[str, ...]]  # folder -> names in it, sorted


@cache
def base(name: str) -> Base:
    assert name in BASES, name
    read = yaml.load((Path(__file__).parent / "bases" / f"{name}.yaml").read_bytes(), yaml.CSafeLoader)
    commands = {folder: frozenset(names) for folder, names in read["commands"].items()}
    return Base(read["shell"], read["not_found"], commands, tuple(read["directories"]), read["files"])


_trees: dict[tuple[str, str, str], Tree] = {}


def tree(image: Image) -> Tree:
    key = (image.base, image.repository, image.tag) if image.files or image.programs else (image.base, "", "")
    found = _trees.get(key)
    if found is None:
        if len(_trees) > 1000:
            _trees.clear()
        found = _trees[key] = _grow(image)
    return found


def _grow(image: Image) -> Tree:
    below = base(image.base)
    tools = {f"{folder}/{name}": name for folder, names in below.commands.items() for name in names}
    files, programs = {**below.files, **image.files}, {**tools, **image.programs}
    anything = programs.pop("*", "")
    children: dict[str, set[str]] = {}
    for path in (*below.directories, *files, *programs, image.workdir, "/dev/null", "/dev/stdout", "/dev/stderr"):
        _hang(children, path, is_folder=path in below.directories or path == image.workdir)
    return Tree(files, programs, anything, {folder: tuple(sorted(names)) for folder, names in children.items()})


def _hang(children: dict[str, set[str]], path: str, is_folder: bool) -> None:
    children.setdefault("/", set())
    if is_folder:
        children.setdefault(path, set())
    while path != "/":
        folder, _, name = path.rpartition("/")
        children.setdefault(folder or "/", set()).add(name)
        path = folder or "/"
