"""seq and expr."""

import re

from workloads.runtime.numbers import whole
from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.regular import basic, safe

AT_ONCE = 500


def seq(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-s") and word != "-w"]
    mark = next((word[2:] for word in call.args if word.startswith("-s")), "\n")
    numbers = [call.number(word) for word in words]
    if not 1 <= len(numbers) <= 3:
        return call.usage("usage: seq [FIRST [INC]] LAST")
    first, step, last = (1, 1, *numbers)[-3:] if len(numbers) == 1 else (
        (numbers[0], 1, numbers[1]) if len(numbers) == 2 else tuple(numbers)
    )  # fmt: skip
    if step == 0:
        return call.usage("invalid increment '0'")
    at = call.memory.get("at", first)
    values = range(at, last + (1 if step > 0 else -1), step)
    call.memory["at"] = at + step * AT_ONCE
    more = values[AT_ONCE : AT_ONCE + 1]
    call.out(mark.join(map(str, values[:AT_ONCE])) + (mark if more else "\n" if values else ""))
    call.machine.fuel += 8
    return None if more else 0


class Wrong(Exception):
    """The expression cannot be evaluated."""


def expr(call: Call) -> int:
    words = flags(call.args)[1] if call.args[:1] == ["--"] else list(call.args)
    try:
        value = _level(words, 0)
        if words:
            raise Wrong("syntax error")
    except (Wrong, re.error) as problem:
        call.complain(str(problem))
        return 2
    call.out(f"{value}\n")
    return 1 if value in ("", "0") else 0


LEVELS = (("|",), ("&",), ("=", "==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"), (":",))


def _level(words: list[str], level: int) -> str:
    if level == len(LEVELS):
        return _primary(words)
    left = _level(words, level + 1)
    while words and words[0] in LEVELS[level]:
        operator = words.pop(0)
        left = _apply(operator, left, _level(words, level + 1))
    return left


def _primary(words: list[str]) -> str:
    if not words:
        raise Wrong("syntax error")
    word = words.pop(0)
    if word == "(":
        value = _level(words, 0)
        if not words or words.pop(0) != ")":
            raise Wrong("syntax error")
        return value
    if word == "length" and words:
        return str(len(words.pop(0)))
    return word


def _apply(operator: str, left: str, right: str) -> str:
    if operator == "|":
        return left if left not in ("", "0") else right
    if operator == "&":
        return left if left not in ("", "0") and right not in ("", "0") else "0"
    if operator == ":":
        found = re.match(safe(basic(right)), left)
        if "\\(" in right:
            return found.group(1) if found else ""
        return str(found.end()) if found else "0"
    if operator in LEVELS[2]:
        return str(int(_compare(operator, left, right)))
    one, two = _integer(left), _integer(right)
    if operator in ("/", "%"):
        if two == 0:
            raise Wrong("division by zero")
        quotient = abs(one) // abs(two) * (1 if (one < 0) == (two < 0) else -1)
        return str(quotient if operator == "/" else one - quotient * two)
    return str({"+": one + two, "-": one - two, "*": one * two}[operator])[:1000]


def _compare(operator: str, left: str, right: str) -> bool:
    one, two = whole(left), whole(right)
    if one is None or two is None:
        order = (left > right) - (left < right)
    else:
        order = (one > two) - (one < two)
    return {"=": order == 0, "==": order == 0, "!=": order != 0, "<": order < 0, "<=": order <= 0, ">": order > 0,
            ">=": order >= 0}[operator]  # fmt: skip


def _integer(word: str) -> int:
    found = whole(word)
    if found is None:
        raise Wrong("non-integer argument")
    return found
