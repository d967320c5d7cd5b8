"""Expressions of that small Python: numbers, texts, lists, dictionaries, and the modules that scripts ask for first."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from clusters.reconcile.clock import SECOND
from workloads.runtime.server import date_of
from workloads.runtime.tool import Call
from workloads.runtime.tools.python.compile import Unknown

LONGEST = 64 * 1024  # of one text or list
OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Eq: operator.eq, ast.NotEq: operator.ne,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda one, two: one in two, ast.NotIn: lambda one, two: one not in two, ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}  # fmt: skip
MODULES = ("os", "sys", "time", "socket", "platform", "math", "random", "datetime", "json")
METHODS = ("upper", "lower", "strip", "lstrip", "rstrip", "split", "replace", "startswith", "endswith", "join", "title",
           "find", "count", "get", "keys", "values", "items", "isdigit", "zfill", "append", "splitlines")  # fmt: skip
PURE = {"len": len, "int": int, "str": str, "float": float, "abs": abs, "min": min, "max": max, "sum": sum,
        "round": round, "bool": bool, "sorted": sorted, "list": list, "hex": hex, "bin": bin, "chr": chr, "ord": ord,
        "enumerate": lambda values: [list(pair) for pair in enumerate(values)], "repr": repr}  # fmt: skip
MATHS = {"pi": math.pi, "e": math.e, "sqrt": math.sqrt, "factorial": lambda n: math.factorial(min(n, 1000)),
         "floor": math.floor, "ceil": math.ceil, "sin": math.sin, "cos": math.cos, "log": math.log}  # fmt: skip


class Ends(Exception):
    """sys.exit."""

    def __init__(self, code: int) -> None:
        self.code = code


class Sleeps(Exception):
    """time.sleep."""

    def __init__(self, duration: int) -> None:
        self.duration = duration


class Values:
    def __init__(self, call: Call, variables: dict[str, Any]) -> None:
        self.call, self.variables, self.depth = call, variables, 0

    def of(self, node: ast.AST) -> Any:
        self.depth += 1
        self.call.machine.fuel += 1
        if self.depth > 60:
            raise Unknown("an expression that is nested so deeply")
        known = getattr(self, f"on_{type(node).__name__}", None)
        if known is None:
            raise Unknown(type(node).__name__)
        found = known(node)
        self.depth -= 1
        if isinstance(found, str | list) and len(found) > LONGEST:
            raise MemoryError
        return found

    def on_Constant(self, node: ast.Constant) -> Any:  # noqa: N802
        if isinstance(node.value, str | int | float | None):
            return node.value
        raise Unknown(type(node.value).__name__)

    def on_Name(self, node: ast.Name) -> Any:  # noqa: N802
        if node.id == "__name__":
            return "__main__"
        if node.id not in self.variables:
            raise NameError(f"name '{node.id}' is not defined")
        return self.variables[node.id]

    def on_JoinedStr(self, node: ast.JoinedStr) -> str:  # noqa: N802
        return "".join(self.of(part) for part in node.values)

    def on_FormattedValue(self, node: ast.FormattedValue) -> str:  # noqa: N802
        spec = self.of(node.format_spec) if node.format_spec else ""
        if sum(char.isdigit() for char in spec) > 3:
            raise MemoryError
        value = self.of(node.value)
        return format(repr(value) if node.conversion == ord("r") else value, spec)

    def on_List(self, node: ast.List) -> list[Any]:  # noqa: N802
        return [self.of(one) for one in node.elts]

    on_Tuple = on_List  # noqa: N815

    def on_Dict(self, node: ast.Dict) -> dict[str, Any]:  # noqa: N802
        return {str(self.of(key)): self.of(value) for key, value in zip(node.keys, node.values, strict=True) if key}

    def on_Subscript(self, node: ast.Subscript) -> Any:  # noqa: N802
        held = self.of(node.value)
        if isinstance(node.slice, ast.Slice):
            parts = [self.of(part) if part else None for part in (node.slice.lower, node.slice.upper, node.slice.step)]
            return held[slice(*parts)]
        return held[self.of(node.slice)]

    def on_BinOp(self, node: ast.BinOp) -> Any:  # noqa: N802
        left, right = self.of(node.left), self.of(node.right)
        if isinstance(node.op, ast.Pow):
            return self._power(left, right)
        if type(node.op) not in OPERATORS:
            raise Unknown(type(node.op).__name__)
        sizes = [len(one) for one in (left, right) if isinstance(one, str | list)]
        times = next((one for one in (left, right) if isinstance(one, int)), 1)
        if isinstance(node.op, ast.Mult) and sizes and sizes[0] * max(times, 1) > LONGEST:
            raise MemoryError
        if isinstance(node.op, ast.Mod) and isinstance(left, str):
            return left % (tuple(right) if isinstance(right, list) else right)
        found = OPERATORS[type(node.op)](left, right)
        return self._bounded(found)

    def _power(self, left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int) and right * max(left.bit_length(), 1) > 10_000:
            raise MemoryError
        return left**right

    def _bounded(self, found: Any) -> Any:
        if isinstance(found, int) and found.bit_length() > 10_000:
            raise MemoryError
        return found

    def on_UnaryOp(self, node: ast.UnaryOp) -> Any:  # noqa: N802
        value = self.of(node.operand)
        return not value if isinstance(node.op, ast.Not) else -value if isinstance(node.op, ast.USub) else value

    def on_BoolOp(self, node: ast.BoolOp) -> Any:  # noqa: N802
        found: Any = None
        for one in node.values:
            found = self.of(one)
            if bool(found) == isinstance(node.op, ast.Or):
                break
        return found

    def on_Compare(self, node: ast.Compare) -> bool:  # noqa: N802
        left = self.of(node.left)
        for sign, other in zip(node.ops, node.comparators, strict=True):
            right = self.of(other)
            if not OPERATORS[type(sign)](left, right):
                return False
            left = right
        return True

    def on_IfExp(self, node: ast.IfExp) -> Any:  # noqa: N802
        return self.of(node.body if self.of(node.test) else node.orelse)

    def on_Attribute(self, node: ast.Attribute) -> Any:  # noqa: N802
        name = _dotted(node)
        if name == "os.environ":
            return dict(self.call.env)
        if name == "sys.argv":
            return self.call.memory.get("argv", [])
        if name in ("sys.version", "platform.version"):
            return self.call.machine.image.version
        if name.startswith("math.") and name[5:] in MATHS:
            return MATHS[name[5:]]
        raise Unknown(name)

    def on_Call(self, node: ast.Call) -> Any:  # noqa: N802
        name = _dotted(node.func)
        name = self.variables.get("from", {}).get(name, name)
        values = [self.of(one) for one in node.args]
        named = {word.arg: self.of(word.value) for word in node.keywords if word.arg}
        if name == "print":
            return self._print(values, named)
        if name in PURE:
            return PURE[name](*values)  # type: ignore[operator]
        if name == "range":
            numbers = range(*values)
            if len(numbers) > 10_000:
                return {"range": [numbers.start, numbers.stop, numbers.step]}
            return list(numbers)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in METHODS
            and not name.startswith(("os.", "sys.", "time."))
        ):
            held = self.of(node.func.value)
            found = getattr(held, node.func.attr)(*values)
            return list(found) if node.func.attr in ("keys", "values") else (
                [list(pair) for pair in found] if node.func.attr == "items" else found)  # fmt: skip
        return self._of_modules(name, values)

    def _print(self, values: list[Any], named: dict[str, Any]) -> None:
        text = str(named.get("sep", " ")).join(str(value) for value in values) + str(named.get("end", "\n"))
        self.call.out(text[:LONGEST])

    def _of_modules(self, name: str, values: list[Any]) -> Any:
        call = self.call
        if name == "time.sleep":
            raise Sleeps(round(float(values[0]) * SECOND))
        if name in ("sys.exit", "exit", "quit", "os._exit"):
            raise Ends(int(values[0]) & 255 if values and isinstance(values[0], int) else 1 if values else 0)
        if name in ("os.getenv", "os.environ.get"):
            return call.env.get(values[0], values[1] if len(values) > 1 else None)
        if name in ("socket.gethostname", "platform.node"):
            return call.machine.run["hostname"]
        if name == "time.time":
            return call.now / SECOND
        if name == "time.strftime":
            return date_of(call.now).strftime(str(values[0])[:100])
        if name in ("datetime.datetime.now", "datetime.now", "datetime.datetime.utcnow"):
            return str(date_of(call.now)).removesuffix("+00:00")
        if name == "os.getpid":
            return call.process["pid"]
        if name in ("os.getcwd",):
            return call.process["cwd"]
        if name == "os.getuid":
            return call.machine.run["user"]["uid"]
        if name in ("random.random", "random.randint"):
            drawn = sum((ord(char) & 255) << (8 * at) for at, char in enumerate(call.random(3))) / 2**24
            return drawn if name == "random.random" else values[0] + int(drawn * (values[1] - values[0] + 1))
        if name.startswith("math.") and callable(MATHS.get(name[5:])):
            return MATHS[name[5:]](*values)  # type: ignore[operator]
        if name in ("sys.stdout.flush", "sys.stderr.flush"):
            return None
        if name in ("sys.stdout.write", "sys.stderr.write"):
            call.machine.write(call.process, 1 if "stdout" in name else 2, str(values[0]))
            return None
        raise Unknown(f"{name}()")


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return f"{_dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""
