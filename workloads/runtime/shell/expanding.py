"""Instructions that make words: expansions put pieces on the stack, a word's end makes a text or arguments of them."""

from collections.abc import Callable, Mapping
from typing import Any

from workloads.runtime.shell import arithmetic, arrays, expand
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


def _all(shell: Shell, values: list[str], quoted: bool, joined: bool) -> None:
    """Every element as a field of its own, or all in one."""
    if joined and quoted:
        separators = shell.p["vars"].get("IFS", SEPARATORS)
        return append(shell, separators[:1].join(values), quoted)
    for at, text in enumerate(values):
        if at:
            shell.stack[-1].append(list(expand.BREAK))
        append(shell, text, quoted)
    return None


def _elements(shell: Shell, name: str, key: str, operator: str, quoted: bool) -> None:
    held = arrays.elements(shell, name)
    if key not in ("@", "*"):
        text = arrays.value(shell, name, key) or ""
        return append(shell, str(len(text)) if operator == "length" else text, quoted)
    if operator == "length":
        return append(shell, str(len(held)), quoted)
    return _all(shell, [_cased(text, operator) for text in held.values()], quoted, key == "*")


def _cased(text: str, operator: str) -> str:
    if operator in ("^^", ",,"):
        return text.upper() if operator == "^^" else text.lower()
    return (text[:1].upper() if operator == "^" else text[:1].lower()) + text[1:] if operator in ("^", ",") else text


def _slice(shell: Shell, name: str, quoted: bool) -> None:
    """${x:offset:length}, of a text, of the arguments or of an array."""
    first, colon, last = shell.stack.pop().partition(":")
    try:
        begin = arithmetic.evaluate(first, Variables(shell))
        count = arithmetic.evaluate(last, Variables(shell)) if colon else None
    except arithmetic.Wrong as problem:
        shell.die(str(problem))
    element = arrays.split(name)
    if name in ("@", "*") or (element and element[1] in ("@", "*")):
        values = shell.p["args"] if element is None else list(arrays.elements(shell, element[0]).values())
        start = max(begin - 1, 0) if element is None else begin
        return _all(shell, values[start:][: len(values) if count is None else count], quoted, joined=False)
    text = (arrays.value(shell, *element) if element else shell.get(name)) or ""
    start = max(len(text) + begin, 0) if begin < 0 else begin
    end = len(text) if count is None else len(text) + count if count < 0 else start + count
    return append(shell, text[start:end], quoted)


def _var(shell: Shell, name: str, operator: str, quoted: bool) -> None:
    if operator == "names":
        return _all(shell, list(arrays.elements(shell, name)), quoted, joined=False)
    if operator == "indirect":
        name, operator = shell.get(name) or "", ""
    if element := arrays.split(name):
        return _elements(shell, *element, operator, quoted)
    if operator in ("^^", "^", ",,", ","):
        return append(shell, _cased(shell.get(name) or "", operator), quoted)
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
        text = arrays.plain(shell, shell.stack.pop())
        _append_math(shell, arithmetic.evaluate(text, Variables(shell)), quoted)
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
    "slice": _slice,
    "math": _math,
    "text": _text,
    "pattern": _pattern,
    "arg": _arg,
    "whole": _whole,
}
