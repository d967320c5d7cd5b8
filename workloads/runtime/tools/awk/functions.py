"""awk's own functions."""

import math
from collections.abc import Callable, Mapping

from workloads.runtime.tools.awk.grammar import Node, Wrong
from workloads.runtime.tools.awk.machine import Awk, Value

Arguments = tuple[Node, ...]


def length(awk: Awk, arguments: Arguments) -> Value:
    if not arguments:
        return float(len(awk.fields[0]))
    node = arguments[0]
    if node[0] == "var" and node[1] in awk.arrays:
        return float(len(awk.arrays[node[1]]))
    return float(len(awk.text(node)))


def substr(awk: Awk, arguments: Arguments) -> Value:
    text, begin = awk.text(arguments[0]), round(awk.number(arguments[1]))
    end = begin + round(awk.number(arguments[2])) if len(arguments) > 2 else len(text) + 1
    return text[max(begin - 1, 0) : max(end - 1, 0)]


def index(awk: Awk, arguments: Arguments) -> Value:
    return float(awk.text(arguments[0]).find(awk.text(arguments[1])) + 1)


def split(awk: Awk, arguments: Arguments) -> Value:
    node = arguments[2] if len(arguments) > 2 else None
    mark = str(awk.vars["FS"]) if node is None else str(node[1]) if node[0] == "regex" else awk.text(node)
    parts = awk.split(awk.text(arguments[0]), mark)
    awk.spend(len(parts))
    held = awk.array(arguments[1][1])
    held.clear()
    held.update({str(at): part for at, part in enumerate(parts, 1)})
    return float(len(parts))


def _pattern(awk: Awk, node: Node) -> str:
    return str(node[1]) if node[0] == "regex" else awk.text(node)


def _substitute(count: int) -> Callable[[Awk, Arguments], Value]:
    def substitute(awk: Awk, arguments: Arguments) -> Value:
        target: Node = arguments[2] if len(arguments) > 2 else ("field", ("number", 0.0))
        new = awk.text(arguments[1])

        def put(found: object) -> str:
            text = found.group()  # type: ignore[attr-defined]
            return new.replace("\\&", "\0").replace("&", text).replace("\0", "&")

        old = awk.text(target)
        awk.spend(len(old) >> 3)
        made, number = awk.regex(_pattern(awk, arguments[0])).subn(put, old, count=count)
        if number:
            awk.assign(target, made)
        return float(number)

    return substitute


def match(awk: Awk, arguments: Arguments) -> Value:
    found = awk.regex(_pattern(awk, arguments[1])).search(awk.text(arguments[0]))
    awk.vars["RSTART"] = float(found.start() + 1) if found else 0.0
    awk.vars["RLENGTH"] = float(len(found.group())) if found else -1.0
    return float(awk.vars["RSTART"])


def _math(function: Callable[[float], float]) -> Callable[[Awk, Arguments], Value]:
    def calculate(awk: Awk, arguments: Arguments) -> Value:
        try:
            return float(function(awk.number(arguments[0])))
        except (ValueError, OverflowError):
            return math.nan

    return calculate


def _refused(name: str) -> Callable[[Awk, Arguments], Value]:
    def refuse(awk: Awk, arguments: Arguments) -> Value:
        raise Wrong(f"{name}() is not simulated")

    return refuse


FUNCTIONS: Mapping[str, Callable[[Awk, Arguments], Value]] = {
    "atan2": lambda awk, arguments: math.atan2(awk.number(arguments[0]), awk.number(arguments[1])),
    "cos": _math(math.cos),
    "exp": _math(math.exp),
    "gsub": _substitute(0),
    "index": index,
    "int": _math(math.trunc),
    "length": length,
    "log": _math(math.log),
    "match": match,
    "rand": lambda awk, arguments: awk.draw(),
    "sin": _math(math.sin),
    "split": split,
    "sprintf": lambda awk, arguments: awk.formatted([awk.value(argument) for argument in arguments]),
    "sqrt": _math(math.sqrt),
    "srand": lambda awk, arguments: 0.0,
    "sub": _substitute(1),
    "substr": substr,
    "system": _refused("system"),
    "tolower": lambda awk, arguments: awk.text(arguments[0]).lower(),
    "toupper": lambda awk, arguments: awk.text(arguments[0]).upper(),
}
