"""A small part of Python to instructions, so that a running script is a place, some variables and open loops."""

import ast
from functools import lru_cache
from typing import Any

LONGEST = 16 * 1024


class Unknown(Exception):
    """What this Python does not know; the text says what."""


@lru_cache(maxsize=128)
def program(text: str) -> tuple[tuple[Any, ...], ...]:
    """Raises SyntaxError and Unknown."""
    if len(text) > LONGEST:
        raise Unknown("a script of that length")
    try:
        tree = ast.parse(text)
    except (RecursionError, MemoryError, ValueError):
        raise Unknown("a script that is nested so deeply") from None
    compiler = Compiler()
    compiler.body(tree.body)
    return tuple(tuple(one) for one in compiler.out)


class Compiler:
    def __init__(self) -> None:
        self.out: list[list[Any]] = []
        self.loops: list[tuple[int, list[int]]] = []  # where a loop begins, and the jumps that leave it

    def emit(self, *parts: Any) -> int:
        self.out.append(list(parts))
        return len(self.out) - 1

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            kind = type(statement).__name__
            known = getattr(self, f"on_{kind}", None)
            if known is None:
                raise Unknown(f"{kind} (line {statement.lineno})")
            known(statement)

    def on_Expr(self, node: ast.Expr) -> None:  # noqa: N802
        self.emit("do", node.value)

    def on_Assign(self, node: ast.Assign) -> None:  # noqa: N802
        for target in node.targets:
            self.emit("set", target, node.value)

    def on_AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        if node.value is not None:
            self.emit("set", node.target, node.value)

    def on_AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        value = ast.BinOp(node.target, node.op, node.value)
        self.emit("set", node.target, ast.copy_location(value, node))

    def on_Import(self, node: ast.Import) -> None:  # noqa: N802
        self.emit("import", tuple(name.name for name in node.names))

    def on_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        self.emit("from", node.module or "", tuple((name.name, name.asname or name.name) for name in node.names))

    def on_Pass(self, node: ast.Pass) -> None:  # noqa: N802
        return

    def on_If(self, node: ast.If) -> None:  # noqa: N802
        skip = self.emit("unless", node.test)
        self.body(node.body)
        leave = self.emit("jump")
        self.out[skip].append(len(self.out))
        self.body(node.orelse)
        self.out[leave].append(len(self.out))

    def on_While(self, node: ast.While) -> None:  # noqa: N802
        begin = len(self.out)
        leave = self.emit("unless", node.test)
        self._loop(begin, [leave], node.body)

    def on_For(self, node: ast.For) -> None:  # noqa: N802
        self.emit("iterate", node.iter)
        begin = len(self.out)
        leave = self.emit("next", node.target)
        self._loop(begin, [leave], node.body, dropped=True)

    def _loop(self, begin: int, leaves: list[int], body: list[ast.stmt], dropped: bool = False) -> None:
        self.loops.append((begin, leaves))
        self.body(body)
        self.emit("jump", begin)
        self.loops.pop()
        for at in leaves:
            self.out[at].append(len(self.out))
        if dropped:
            self.emit("drop")

    def on_Break(self, node: ast.Break) -> None:  # noqa: N802
        if not self.loops:
            raise SyntaxError("'break' outside loop")
        self.loops[-1][1].append(self.emit("jump"))

    def on_Continue(self, node: ast.Continue) -> None:  # noqa: N802
        if not self.loops:
            raise SyntaxError("'continue' not properly in loop")
        self.emit("jump", self.loops[-1][0])
