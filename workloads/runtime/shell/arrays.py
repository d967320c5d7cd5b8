"""bash's arrays: variables whose elements stand in the process's own dictionary, by index or by name."""

import re
from collections.abc import Mapping
from typing import Any

from workloads.runtime.numbers import whole
from workloads.runtime.shell import arithmetic
from workloads.runtime.shell.interpreter import LONGEST, Shell

MOST = 4096
ELEMENT = re.compile(r"([A-Za-z_]\w*)\[([^\]]*)\]")
INSIDE = re.compile(r"\$\{?(\w+)\}?|\$\(\((.*)\)\)")


def elements(shell: Shell, name: str) -> Mapping[str, str]:
    """A variable's elements in order; one without is its own element 0."""
    held: Mapping[str, Mapping[str, str]] = shell.p.get("arrays", {})
    if name in held:
        return held[name]
    value = shell.p["vars"].get(name)
    return {} if value is None else {"0": str(value)}


def split(name: str) -> tuple[str, str] | None:
    found = ELEMENT.fullmatch(name)
    return (found[1], found[2]) if found else None


def index(shell: Shell, name: str, text: str) -> str:
    """Which element `[text]` means: a word of an associative array, else a number."""
    text = INSIDE.sub(lambda found: shell.get(found[1] or "") or (found[2] or ""), text).strip("\"'")
    if name in shell.p.get("words", ()):
        return text
    try:
        at = arithmetic.evaluate(text, Found(shell))
    except arithmetic.Wrong as problem:
        shell.die(f"{name}[{text}]: {problem}")
    if at < 0:
        at += max((int(key) for key in elements(shell, name)), default=-1) + 1
    return str(at)


class Found(dict[str, str]):
    """The shell's variables, to be read in an index."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return self.shell.get(name) or default


def value(shell: Shell, name: str, text: str) -> str | None:
    return elements(shell, name).get(index(shell, name, text))


def assign(shell: Shell, name: str, text: str) -> None:
    """NAME=text, NAME+=text, NAME[i]=text."""
    adds = name.endswith("+")
    name = name.removesuffix("+")
    element = split(name)
    if element is None:
        if name in shell.p.get("arrays", {}):
            element = (name, "0")
        else:
            shell.set(name, (shell.get(name) or "") + text if adds else text)
            return
    key = index(shell, *element)
    old = elements(shell, element[0])
    _keep(shell, element[0], {**old, key: old.get(key, "") + text if adds else text})


def assign_all(shell: Shell, name: str, values: list[str]) -> None:
    """NAME=(...), NAME+=(...); an element may be [key]=text."""
    adds = name.endswith("+")
    name = name.removesuffix("+")
    made: dict[str, str] = dict(elements(shell, name)) if adds else {}
    at = max((whole(key) or 0 for key in made), default=-1) + 1
    for word in values:
        found = re.match(r"\[([^\]]+)\]=(.*)", word, re.DOTALL)
        if found:
            made[index(shell, name, found[1])] = found[2]
        else:
            made[str(at)] = word
            at += 1
    _keep(shell, name, made)


def _keep(shell: Shell, name: str, made: dict[str, str]) -> None:
    if len(made) > MOST or sum(map(len, made.values())) > LONGEST:
        shell.die("out of memory")
    words = name in shell.p.get("words", ())
    ordered = made if words else dict(sorted(made.items(), key=lambda pair: int(pair[0])))
    shell.p.setdefault("arrays", {})[name] = ordered
    shell.set(name, ordered.get("0", ""))


def declare(shell: Shell, name: str, has_words: bool) -> None:
    if has_words:
        shell.p.setdefault("words", [])
        if name not in shell.p["words"]:
            shell.p["words"].append(name)
    shell.p.setdefault("arrays", {}).setdefault(name, {})


def forget(shell: Shell, name: str) -> None:
    element = split(name)
    held: dict[str, Any] = shell.p.get("arrays", {})
    if element and element[0] in held:
        key = index(shell, *element)
        held[element[0]] = {at: text for at, text in held[element[0]].items() if at != key}
    elif name in held:
        del held[name]


def plain(shell: Shell, text: str) -> str:
    """Elements in an arithmetic expression as their values."""
    return ELEMENT.sub(lambda found: value(shell, found[1], found[2]) or "0", text)
