"""awk at work: variables, fields and arrays, and a bound on how much one program may do."""

import math
import re
from collections.abc import Callable
from typing import Any

from workloads.runtime.tools.awk.grammar import Node, Wrong, parse
from workloads.runtime.tools.regular import classes, safe

Value = str | float
MOST = 300_000  # steps of one program: it cannot be interrupted within a line
LONGEST = 64 * 1024
DEFAULTS: dict[str, Value] = {"FS": " ", "OFS": " ", "ORS": "\n", "RS": "\n", "NR": 0.0, "NF": 0.0, "SUBSEP": "\x1c",
                              "FILENAME": "", "FNR": 0.0, "OFMT": "%.6g", "RSTART": 0.0, "RLENGTH": -1.0}  # fmt: skip


class Leave(Exception):
    """next, exit, break, continue, return."""

    def __init__(self, how: str, value: Value = "") -> None:
        self.how, self.value = how, value


class Awk:
    """One program over its input. `state` is plain JSON and lasts from step to step."""

    def __init__(self, text: str, state: dict[str, Any], write: Callable[[str, str, str], None],
                 draw: Callable[[], float]) -> None:  # fmt: skip
        self.rules, self.functions = parse(text)
        self.state, self.write, self.draw = state, write, draw
        self.vars: dict[str, Any] = state.setdefault("vars", dict(DEFAULTS))
        self.arrays: dict[str, dict[str, Any]] = state.setdefault("arrays", {})
        self.fields: list[str] = [""]
        self.locals: list[dict[str, Any]] = []

    def spend(self, steps: int = 1) -> None:
        self.state["steps"] = self.state.get("steps", 0) + steps
        if self.state["steps"] > MOST:
            raise Wrong("program takes too long")

    def special(self, name: str) -> None:
        """BEGIN or END."""
        for pattern, body in self.rules:
            if pattern == (name,):
                self.run(body)

    def line(self, text: str) -> None:
        self.vars["NR"] += 1.0
        self.vars["FNR"] += 1.0
        self.set_record(text)
        try:
            for at, (pattern, body) in enumerate(self.rules):
                if self._applies(at, pattern):
                    self.run(body)
        except Leave as leave:
            if leave.how != "next":
                raise

    def _applies(self, at: int, pattern: Node | None) -> bool:
        if pattern is None:
            return True
        if pattern[0] in ("BEGIN", "END"):
            return False
        if pattern[0] != "range":
            return self.truth(pattern)
        inside = self.state.setdefault("inside", [])
        if at not in inside:
            if not self.truth(pattern[1]):
                return False
            inside.append(at)
        if self.truth(pattern[2]):
            inside.remove(at)
        return True

    def set_record(self, text: str) -> None:
        self.fields = [text, *self.split(text, str(self.vars["FS"]))]
        self.vars["NF"] = float(len(self.fields) - 1)
        self.spend(len(self.fields))

    def split(self, text: str, mark: str) -> list[str]:
        if mark == " ":
            return text.split()
        if not text:
            return []
        return text.split(mark) if (len(mark) == 1 and mark not in "|") or mark == "|" else self.regex(mark).split(text)

    def regex(self, text: str) -> re.Pattern[str]:
        try:
            return re.compile(safe(classes(text)))
        except re.error as problem:
            raise Wrong(f"regular expression: {text}") from problem

    def run(self, node: Node | None) -> None:
        if node is None:
            return
        self.spend()
        getattr(self, f"do_{node[0]}")(*node[1:])

    def do_block(self, statements: tuple[Node, ...]) -> None:
        for statement in statements:
            self.run(statement)

    def do_do(self, value: Node) -> None:
        self.value(value)

    def do_print(self, values: tuple[Node, ...], target: Node | None) -> None:
        parts = [self.shown(self.value(value)) for value in values] or [self.fields[0]]
        self.put(str(self.vars["OFS"]).join(parts) + str(self.vars["ORS"]), target)

    def do_printf(self, values: tuple[Node, ...], target: Node | None) -> None:
        if not values:
            raise Wrong("printf: no format")
        self.put(self.formatted([self.value(value) for value in values]), target)

    def put(self, text: str, target: Node | None) -> None:
        self.spend(len(text) >> 5)
        if target is None:
            self.write(text, "", "")
        else:
            self.write(text, target[0], self.text(target[1]))

    def do_if(self, condition: Node, then: Node, otherwise: Node | None) -> None:
        self.run(then if self.truth(condition) else otherwise)

    def do_while(self, condition: Node, body: Node) -> None:
        while self.truth(condition):
            if not self.once(body):
                break

    def do_dowhile(self, condition: Node, body: Node) -> None:
        while self.once(body) and self.truth(condition):
            pass

    def do_for(self, first: Node | None, condition: Node | None, step: Node | None, body: Node) -> None:
        self.run(first)
        while condition is None or self.truth(condition):
            if not self.once(body):
                break
            self.run(step)

    def do_forin(self, name: str, array: str, body: Node) -> None:
        for key in list(self.array(array)):
            self.assign(("var", name), key)
            if not self.once(body):
                break

    def once(self, body: Node) -> bool:
        self.spend()
        try:
            self.run(body)
        except Leave as leave:
            if leave.how not in ("break", "continue"):
                raise
            return leave.how == "continue"
        return True

    def do_next(self) -> None:
        raise Leave("next")

    def do_break(self) -> None:
        raise Leave("break")

    def do_continue(self) -> None:
        raise Leave("continue")

    def do_exit(self, value: Node | None) -> None:
        raise Leave("exit", self.value(value) if value else 0.0)

    def do_return(self, value: Node | None) -> None:
        raise Leave("return", self.value(value) if value else "")

    def do_delete(self, name: str, key: Node | None) -> None:
        if key is None:
            self.array(name).clear()
        else:
            self.array(name).pop(self.text(key), None)

    def array(self, name: str) -> dict[str, Any]:
        if self.locals and name in self.locals[-1]:
            held = self.locals[-1][name]
            if not isinstance(held, dict):
                held = self.locals[-1][name] = {}
            return held
        return self.arrays.setdefault(name, {})

    def value(self, node: Node) -> Value:
        self.spend()
        found: Value = getattr(self, f"get_{node[0]}")(*node[1:])
        return found

    def truth(self, node: Node) -> bool:
        found = self.value(node)
        if isinstance(found, str):
            number = _number_of(found) if node[0] in ("field", "var", "item") else None
            return found != "" if number is None else number != 0
        return found != 0

    def text(self, node: Node) -> str:
        return self.shown(self.value(node), "%.6g")

    def number(self, node: Node) -> float:
        return _leading(self.value(node))

    def shown(self, value: Value, how: str = "") -> str:
        if isinstance(value, str):
            return value
        if math.isfinite(value) and value == int(value) and abs(value) < 1e16:
            return str(int(value))
        return str((how or str(self.vars["OFMT"])[:8]) % value) if math.isfinite(value) else str(value)

    def get_number(self, value: float) -> Value:
        return value

    def get_string(self, value: str) -> Value:
        return value

    def get_regex(self, text: str) -> Value:
        return float(self.regex(text).search(self.fields[0]) is not None)

    def get_group(self, inner: Node) -> Value:
        return self.value(inner)

    def get_list(self, values: tuple[Node, ...]) -> Value:
        raise Wrong("a list of values")

    def get_subscript(self, parts: tuple[Node, ...]) -> Value:
        return str(self.vars["SUBSEP"]).join(self.text(part) for part in parts)

    def get_field(self, which: Node) -> Value:
        at = int(self.number(which))
        return self.fields[at] if 0 <= at < len(self.fields) else ""

    def get_var(self, name: str) -> Value:
        if self.locals and name in self.locals[-1]:
            found: Value = self.locals[-1][name]
            return found
        value: Value = self.vars.get(name, "")
        return value

    def get_item(self, name: str, key: Node) -> Value:
        found: Value = self.array(name).setdefault(self.text(key), "")
        return found

    def get_in(self, key: Node, name: str) -> Value:
        return float(self.text(key) in self.array(name))

    def get_assign(self, operator: str, target: Node, source: Node) -> Value:
        value = self.value(source)
        if operator != "=":
            value = self.calculate(operator[0], self.number(target), _leading(value))
        return self.assign(target, value)

    def assign(self, target: Node, value: Value) -> Value:
        if isinstance(value, str) and len(value) > LONGEST:
            raise Wrong("out of memory")
        if target[0] == "field":
            self._assign_field(int(self.number(target[1])), self.shown(value))
        elif target[0] == "item":
            self.array(target[1])[self.text(target[2])] = value
        elif self.locals and target[1] in self.locals[-1]:
            self.locals[-1][target[1]] = value
        else:
            self.vars[target[1]] = value
        return value

    def _assign_field(self, at: int, text: str) -> None:
        if at == 0:
            self.set_record(text)
            return
        if not 0 < at < 1000:
            raise Wrong("no such field")
        self.fields.extend("" for _ in range(at + 1 - len(self.fields)))
        self.fields[at] = text
        self.vars["NF"] = float(len(self.fields) - 1)
        self.fields[0] = str(self.vars["OFS"]).join(self.fields[1:])

    def get_choose(self, condition: Node, first: Node, second: Node) -> Value:
        return self.value(first if self.truth(condition) else second)

    def get_or(self, left: Node, right: Node) -> Value:
        return float(self.truth(left) or self.truth(right))

    def get_and(self, left: Node, right: Node) -> Value:
        return float(self.truth(left) and self.truth(right))

    def get_match(self, wanted: bool, left: Node, right: Node) -> Value:
        pattern = right[1] if right[0] == "regex" else self.text(right)
        return float((self.regex(pattern).search(self.text(left)) is not None) == wanted)

    def get_compare(self, operator: str, left: Node, right: Node) -> Value:
        one, two = self.value(left), self.value(right)
        numbers = [_compared(value, node) for value, node in ((one, left), (two, right))]
        if None in numbers:
            order = (self.shown(one) > self.shown(two)) - (self.shown(one) < self.shown(two))
        else:
            order = (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])  # type: ignore[operator]
        return float({"<": order < 0, "<=": order <= 0, "==": order == 0, "!=": order != 0, ">": order > 0,
                      ">=": order >= 0}[operator])  # fmt: skip

    def get_join(self, left: Node, right: Node) -> Value:
        found = self.text(left) + self.text(right)
        self.spend(len(found) >> 5)
        if len(found) > LONGEST:
            raise Wrong("out of memory")
        return found

    def get_math(self, operator: str, left: Node, right: Node) -> Value:
        return self.calculate(operator, self.number(left), self.number(right))

    def calculate(self, operator: str, one: float, two: float) -> float:
        if operator in ("/", "%") and two == 0:
            raise Wrong("division by zero")
        try:
            if operator == "^":
                return float(one**two)
            return {"+": one + two, "-": one - two, "*": one * two, "/": one / two if two else 0.0,
                    "%": math.fmod(one, two) if two else 0.0}[operator]  # fmt: skip
        except (OverflowError, ValueError, TypeError):
            return math.inf

    def get_unary(self, operator: str, inner: Node) -> Value:
        if operator == "!":
            return float(not self.truth(inner))
        return self.number(inner) * (-1 if operator == "-" else 1)

    def get_step(self, operator: str, first: bool, target: Node) -> Value:
        old = self.number(target)
        new = old + (1 if operator == "++" else -1)
        self.assign(target, new)
        return new if first else old

    def get_call(self, name: str, arguments: tuple[Node, ...]) -> Value:
        from workloads.runtime.tools.awk.functions import FUNCTIONS

        if name in FUNCTIONS:
            return FUNCTIONS[name](self, arguments)
        if name not in self.functions:
            raise Wrong(f"undefined function {name}")
        params, body = self.functions[name]
        given: dict[str, Any] = {}
        for at, param in enumerate(params):
            node = arguments[at] if at < len(arguments) else None
            is_array = node is not None and node[0] == "var" and node[1] in self.arrays
            given[param] = self.arrays[node[1]] if is_array and node else self.value(node) if node else ""
        if len(self.locals) > 40:
            raise Wrong("function call nesting too deep")
        self.locals.append(given)
        try:
            self.run(body)
        except Leave as leave:
            if leave.how != "return":
                raise
            return leave.value
        finally:
            self.locals.pop()
        return ""

    def formatted(self, values: list[Value]) -> str:
        """printf's text."""
        rest = values[1:]

        def one(found: re.Match[str]) -> str:
            spec, kind = found.group()[:-1], found.group()[-1]
            if kind == "%":
                return "%"
            while "*" in spec:
                spec = spec.replace("*", str(int(_leading(rest.pop(0)))) if rest else "0", 1)
            if any(len(part) > 3 for part in re.findall(r"\d+", spec)):
                raise Wrong("format too wide")
            value = rest.pop(0) if rest else ""
            if kind in "di":
                return str((spec + "d") % int(_leading(value)))
            if kind in "oxXu":
                return str((spec + kind.replace("u", "d")) % int(_leading(value)))
            if kind == "c":
                return str((spec + "s") % (chr(int(value) & 0x10FFFF) if isinstance(value, float) else value[:1]))
            return str((spec + "s") % self.shown(value)) if kind == "s" else str((spec + kind) % _leading(value))

        return re.sub(r"%[-+ #0]*[\d*]*(?:\.[\d*]*)?[diouxXcsfeEgG%]", one, self.shown(values[0]))


NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d{1,3})?|\.\d+(?:[eE][-+]?\d{1,3})?)")


def _leading(value: Value) -> float:
    if isinstance(value, float):
        return value
    found = NUMBER.match(value[:64])
    return float(found.group()) if found else 0.0


def _number_of(text: str) -> float | None:
    """A text from the input that looks like a number counts as one."""
    found = NUMBER.fullmatch(text.strip()[:64]) if text.strip() else None
    return float(found.group()) if found else None


def _compared(value: Value, node: Node) -> float | None:
    if isinstance(value, float):
        return value
    if node[0] in ("field", "var", "item"):
        return _number_of(value) if value != "" else (0.0 if node[0] == "var" else None)
    return None
