"""The tree of a script to instructions: flat blocks, so that a running script is a block, a place in it and a stack.

A block is what one process or call runs: the script itself, a function's body, a subshell's, a substitution's.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from workloads.runtime.shell.braces import braces
from workloads.runtime.shell.parse import Node, parse
from workloads.runtime.shell.scanner import Word, split_assignment

Instruction = tuple[Any, ...]
DECLARING = ("declare", "export", "local", "readonly", "typeset")
PATTERN_AFTER = ("=", "==", "!=")


@dataclass(frozen=True, slots=True)
class Program:
    blocks: tuple[tuple[Instruction, ...], ...]


@lru_cache(maxsize=1024)
def program(text: str, dialect: str = "bash") -> Program:
    """The script's blocks; the first is the script itself. `dialect`: ash, bash or dash. Raises SyntaxProblem."""
    compiler = Compiler(dialect)
    compiler.block(parse(text, dialect))
    return Program(tuple(tuple(block) for block in compiler.blocks))


class Compiler:
    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.blocks: list[list[Instruction]] = []
        self.out: list[Instruction] = []

    def block(self, node: Node, tail: bool = True) -> int:
        """Compiles the node as a block of its own. tail: its last command may take the process's place."""
        before, number = self.out, len(self.blocks)
        self.out = []
        self.blocks.append(self.out)
        self.node(node, tail)
        self.emit("end")
        self.out = before
        return number

    def emit(self, *instruction: Any) -> int:
        self.out.append(instruction)
        return len(self.out) - 1

    def patch(self, at: int, *more: Any) -> None:
        self.out[at] = (*self.out[at], *more)

    def here(self) -> int:
        return len(self.out)

    def node(self, node: Node, tail: bool = False) -> None:
        getattr(self, f"_{node[0]}")(*node[1:], tail)

    def _list(self, commands: tuple[tuple[Node, bool], ...], tail: bool) -> None:
        for at, (command, background) in enumerate(commands):
            if background:
                self.emit("background", self.block(command))
            else:
                self.node(command, tail and at == len(commands) - 1)

    def _andor(self, first: Node, rest: tuple[tuple[str, Node], ...], tail: bool) -> None:
        self._tested(first)
        for at, (operator, command) in enumerate(rest):
            jump = self.emit("if_failed" if operator == "&&" else "if_ok")
            if at == len(rest) - 1:
                self.node(command, tail)
            else:
                self._tested(command)
            self.patch(jump, self.here())

    def _tested(self, node: Node) -> None:
        """A command whose failure `set -e` does not mind."""
        self.emit("tested", 1)
        self.node(node)
        self.emit("tested", -1)

    def _pipeline(self, commands: tuple[Node, ...], negated: bool, tail: bool) -> None:
        if len(commands) == 1:
            self._tested(commands[0])
        else:
            self.emit("pipeline", tuple(self.block(command) for command in commands))
            if not negated:
                self.emit("check")
        if negated:
            self.emit("not")

    def _if(self, branches: tuple[tuple[Node, Node], ...], otherwise: Node | None, tail: bool) -> None:
        exits = []
        for condition, body in branches:
            self._tested(condition)
            skip = self.emit("if_failed")
            self.node(body, tail)
            exits.append(self.emit("jump"))
            self.patch(skip, self.here())
        if otherwise is not None:
            self.node(otherwise, tail)
        else:
            self.emit("status", 0)
        for at in exits:
            self.patch(at, self.here())

    def _while(self, condition: Node, body: Node, until: bool, tail: bool) -> None:
        loop = self.emit("loop")
        again = self.here()
        self._tested(condition)
        leave = self.emit("if_ok" if until else "if_failed")
        self.node(body)
        self.emit("round")
        self.emit("jump", again)
        self.patch(leave, self.here())
        self.emit("loop_over")
        self.patch(loop, self.here(), again)

    def _for(self, name: str, words: tuple[Word, ...] | None, body: Node, tail: bool) -> None:
        self.emit("args")
        for word in words if words is not None else ((("var", "@", "", None, True),),):
            self._argument(word)
        loop = self.emit("for")
        again = self.here()
        leave = self.emit("next", name)
        self.node(body)
        self.emit("round")
        self.emit("jump", again)
        self.patch(leave, self.here())
        self.emit("loop_over")
        self.patch(loop, self.here(), again)

    def _case(self, subject: Word, branches: tuple[tuple[tuple[Word, ...], Node], ...], tail: bool) -> None:
        self._text(subject)
        exits = []
        for patterns, body in branches:
            matches = []
            for pattern in patterns:
                self._pattern(pattern)
                matches.append(self.emit("match"))
            skip = self.emit("jump")
            for at in matches:
                self.patch(at, self.here())
            self.emit("drop")
            self.emit("status", 0)
            self.node(body, tail)
            exits.append(self.emit("jump"))
            self.patch(skip, self.here())
        self.emit("drop")
        self.emit("status", 0)
        for at in exits:
            self.patch(at, self.here())

    def _group(self, body: Node, tail: bool) -> None:
        self.node(body, tail)

    def _subshell(self, body: Node, tail: bool) -> None:
        self.emit("subshell", self.block(body))
        self.emit("check")

    def _function(self, name: str, body: Node, tail: bool) -> None:
        self.emit("function", name, self.block(body, tail=False))

    def _redirected(self, body: Node, redirections: tuple[Node, ...], tail: bool) -> None:
        self.emit("redirect")
        opens = self._opens(redirections)
        self.node(body)
        self._restore(opens)

    def _opens(self, redirections: tuple[Node, ...]) -> list[int]:
        opens = []
        for descriptor, operator, word in redirections:
            self._text(word[0] if operator == "<<" and word else word if operator != "<<" else ())
            opens.append(self.emit("open", descriptor, operator))
        return opens

    def _restore(self, opens: list[int]) -> None:
        for at in opens:
            self.patch(at, self.here())
        self.emit("restore")
        self.emit("check")

    def _simple(
        self,
        assignments: tuple[tuple[str, Word], ...],
        words: tuple[Word, ...],
        redirections: tuple[Node, ...],
        tail: bool,
    ) -> None:
        if redirections:
            self.emit("redirect")
        if words:
            self._command(assignments, words, redirections, tail)
            return
        self.emit("assigning")
        opens = self._opens(redirections)
        for name, word in assignments:
            self._assigned(name, word)
        self.emit("assigned")
        if redirections:
            self._restore(opens)
        else:
            self.emit("check")

    def _command(
        self,
        assignments: tuple[tuple[str, Word], ...],
        words: tuple[Word, ...],
        redirections: tuple[Node, ...],
        tail: bool,
    ) -> None:
        self.emit("args")
        name = words[0][0][1] if len(words[0]) == 1 and words[0][0][0] == "lit" else ""
        before = ""
        for word in words:
            if name == "[[":
                (self._pattern if before in PATTERN_AFTER else self._text)(word)
                self.emit("whole")
                before = word[0][1] if len(word) == 1 and word[0][0] == "lit" else ""
            elif name in DECLARING and split_assignment(word):
                self._text(word)
                self.emit("whole")
            else:
                self._argument(word)
        opens = self._opens(redirections)
        for variable, word in assignments:
            if word and word[0][0] == "array":
                self._assigned(variable, word)
                continue
            self._text(word)
            self.emit("prefix", variable)
        self.emit("run", tail)
        if redirections:
            self._restore(opens)
        else:
            self.emit("check")

    def _assigned(self, name: str, word: Word) -> None:
        if word and word[0][0] == "array":
            self.emit("args")
            for one in word[0][1]:
                self._argument(one)
            self.emit("assign_array", name)
            return
        self._text(word)
        self.emit("assign", name)

    def _arithmetic(self, word: Word, tail: bool) -> None:
        self._text(word)
        self.emit("compute")
        self.emit("check")

    def _cfor(self, first: str, condition: str, step: str, body: Node, tail: bool) -> None:
        self.emit("evaluate", first)
        loop = self.emit("loop")
        enter = self.emit("jump")
        again = self.here()
        self.emit("evaluate", step)
        self.patch(enter, self.here())
        if condition:
            self.emit("evaluate", condition)
        leave = self.emit("if_failed") if condition else None
        self.node(body)
        self.emit("round")
        self.emit("jump", again)
        if leave is not None:
            self.patch(leave, self.here())
        self.emit("loop_over")
        self.patch(loop, self.here(), again)

    def _argument(self, word: Word) -> None:
        """Zero or more arguments: braces first, then expanded, split and globbed."""
        for one in braces(word) if self.dialect == "bash" else (word,):
            self._word(one)
            self.emit("arg")

    def _text(self, word: Word) -> None:
        """One string on the stack: expanded, not split."""
        self._word(word)
        self.emit("text")

    def _pattern(self, word: Word) -> None:
        self._word(word)
        self.emit("pattern")

    def _word(self, word: Word) -> None:
        self.emit("word")
        for at, piece in enumerate(word):
            self._piece(piece, first=at == 0)

    def _piece(self, piece: Any, first: bool) -> None:
        kind, value, quoted = piece[0], piece[1], piece[-1]
        if kind == "lit":
            is_home = first and not quoted and (value == "~" or value.startswith("~/"))
            self.emit("home" if is_home else "lit", value[1:] if is_home else value, quoted)
        elif kind == "cmd":
            self.emit("capture", self.block(value), quoted)
        elif kind == "math":
            self._text(value)
            self.emit("math", quoted)
        else:
            self._variable(*piece[1:])

    def _variable(self, name: str, operator: str, word: Word | None, quoted: bool) -> None:
        if operator in ("", "length", "indirect", "names", "^^", "^", ",,", ","):
            self.emit("var", name, operator, quoted)
        elif operator in (":-", "-", ":+", "+"):
            jump = self.emit("default", name, operator, quoted)
            for at, piece in enumerate(word or ()):
                if piece[0] == "lit" and not piece[2]:
                    self.emit("split", piece[1])
                else:
                    self._piece(piece, first=at == 0)
            self.patch(jump, self.here())
        elif operator in (":=", "=", ":?", "?"):
            jump = self.emit("default", name, operator.replace("=", "-").replace("?", "-"), quoted)
            self._text(word or ())
            self.emit("assign_default" if "=" in operator else "refuse", name, quoted)
            self.patch(jump, self.here())
        elif operator == ":":
            self._text(word or ())
            self.emit("slice", name, quoted)
        else:
            self._pattern(word or ())
            self.emit("trim", name, operator, quoted)
