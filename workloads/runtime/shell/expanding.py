"""Instructions that make words: expansions put pieces on the stack, a word's end makes a text or arguments of them."""

from collections.abc import Callable, Mapping
from typing import Any

from workloads.runtime.shell import arithmetic, expand
from workloads.runtime.shell.interpreter import LONGEST, Shell
from workloads.runtime.shell.pattern import plain, trim

SEPARATORS = " \t\n"


def append(shell: Shell, text: str, quoted: bool) -> None:
    shell.stack[-1].append([text, expand.QUOTED if quoted else expand.EXPANDED])


def _word(shell: Shell) -> None:
    shell.stack.append([])


def _lit(shell: Shell, text: str, quoted: bool) -> None:
    shell.stack[-1].append([text, expand.QUOTED if quoted else expand.LITERAL])


def _split(shell: Shell, text: str) -> None:
    shell.stack[-1].append([text, expand.EXPANDED])


def _home(shell: Shell, rest: str, quoted: bool) -> None:
    shell.stack[-1].append([(shell.get("HOME") or "/root") + rest, expand.QUOTED])


def _var(shell: Shell, name: str, operator: str, quoted: bool) -> None:
    if operator == "length":
        value = shell.get(name) or ""
        return append(shell, str(len(shell.p["args"]) if name in ("@", "*") else len(value)), quoted)
    if name == "@" or (name == "*" and not quoted):
        for at, arg in enumerate(shell.p["args"]):
            if at:
                shell.stack[-1].append(list(expand.BREAK))
            append(shell, arg, quoted)
        return None
    if name == "*":
        separators = shell.p["vars"].get("IFS", SEPARATORS)
        return append(shell, separators[:1].join(shell.p["args"]), quoted)
    found = shell.get(name)
    if found is None and "u" in shell.p["options"] and name not in ("@", "!"):
        shell.die(f"{name}: parameter not set")
    return append(shell, found or "", quoted)


def _default(shell: Shell, name: str, operator: str, quoted: bool, target: int) -> None:
    value = shell.get(name)
    is_there = bool(value) if operator[0] == ":" else value is not None
    if operator[-1] == "+":
        if not is_there:
            shell.jump(target)
    elif is_there:
        append(shell, value or "", quoted)
        shell.jump(target)


def _assign_default(shell: Shell, name: str, quoted: bool) -> None:
    value = shell.stack.pop()
    shell.set(name, value)
    append(shell, value, quoted)


def _refuse(shell: Shell, name: str, quoted: bool) -> None:
    shell.die(f"{name}: {shell.stack.pop() or 'parameter not set'}")


def _trim(shell: Shell, name: str, operator: str, quoted: bool) -> None:
    wanted = shell.stack.pop()
    value = shell.get(name) or ""
    shell.machine.fuel += len(value) >> 4
    if operator[0] == "/":
        old, _, new = wanted.partition("/")
        count = 1 if operator == "/" else -1
        append(shell, value.replace(plain(old), plain(new), count) if old else value, quoted)
    else:
        append(shell, trim(value[:4096], wanted, operator) if len(value) <= 4096 else value, quoted)


def _math(shell: Shell, quoted: bool) -> None:
    try:
        _append_math(shell, arithmetic.evaluate(shell.stack.pop(), Variables(shell)), quoted)
    except arithmetic.Wrong as problem:
        shell.die(str(problem))


def _append_math(shell: Shell, value: int, quoted: bool) -> None:
    append(shell, str(value), quoted)


class Variables(dict[str, str]):
    """The shell's variables as arithmetic sees and sets them."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return self.shell.get(name) or default

    def __setitem__(self, name: str, value: str) -> None:
        self.shell.set(name, value)


def _text(shell: Shell) -> None:
    shell.stack.append(_checked(shell, expand.text(shell.stack.pop())))


def _pattern(shell: Shell) -> None:
    shell.stack.append(_checked(shell, expand.pattern(shell.stack.pop())))


def _checked(shell: Shell, text: str) -> str:
    if len(text) > LONGEST:
        shell.die("out of memory")
    return text


def _arg(shell: Shell) -> None:
    separators = shell.p["vars"].get("IFS", SEPARATORS)
    pieces = shell.stack.pop()
    found = shell.stack[-1]["args"]
    found.extend(expand.fields(pieces, separators, shell.machine.files, shell.p["cwd"]))
    shell.machine.fuel += len(found) >> 6
    if len(found) > 10_000:
        shell.die("argument list too long")


def _whole(shell: Shell) -> None:
    text = shell.stack.pop()
    shell.stack[-1]["args"].append(text)


EXPANDING: Mapping[str, Callable[..., Any]] = {
    "word": _word,
    "lit": _lit,
    "split": _split,
    "home": _home,
    "var": _var,
    "default": _default,
    "assign_default": _assign_default,
    "refuse": _refuse,
    "trim": _trim,
    "math": _math,
    "text": _text,
    "pattern": _pattern,
    "arg": _arg,
    "whole": _whole,
}
