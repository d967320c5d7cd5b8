"""awk's grammar: a program's text to rules of tuples."""

import re
from functools import lru_cache
from typing import Any

Node = tuple[Any, ...]
TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|\\\n|#[^\n]*)|(?P<newline>\n)|(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)"
    r'|(?P<string>"(?:\\.|[^"\\])*")|(?P<name>[A-Za-z_]\w*)'
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|\+\+|--|\+=|-=|\*=|/=|%=|\^=|!~|>>|[-+*/%^!<>=~?:,;{}()\[\]$|])",
    re.DOTALL,
)
WORDS = ("BEGIN", "END", "if", "else", "while", "for", "do", "in", "print", "printf", "next", "exit", "break",
         "continue", "delete", "return", "function", "getline")  # fmt: skip
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
DEEPEST = 60
NOT_BEFORE_OPERAND = ("number", "string", "name", "regex")


class Wrong(Exception):
    """The program cannot be read."""


def unquote(text: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: ESCAPES.get(found[1], found[1] if found[1] in '"\\/' else "\\" + found[1]), text
    )


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text): a slash begins a regular expression where no operand stands before it."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        before = found[-1] if found else ("", "")
        ends_operand = before[0] in NOT_BEFORE_OPERAND or before[1] in (")", "]", "$", "++", "--")
        if text[at] == "/" and not ends_operand:
            end = re.compile(r"/((?:\\.|\[[^\]]*\]|[^/\\\n])*)/").match(text, at)
            if end is None:
                raise Wrong
            found.append(("regex", end[1].replace("\\/", "/")))
            at = end.end()
            continue
        match = TOKEN.match(text, at)
        if match is None:
            raise Wrong
        at = match.end()
        kind = str(match.lastgroup)
        if kind == "newline":
            found.append(("sign", "\n"))
        elif kind == "string":
            found.append(("string", unquote(match.group()[1:-1])))
        elif kind == "name" and match.group() in WORDS:
            found.append(("word", match.group()))
        elif kind != "space":
            found.append((kind, match.group()))
    return found


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[tuple[Node, ...], dict[str, Node]]:
    """(rules as (pattern, body), functions by name). Raises Wrong."""
    return Parser(tokens(text)).program()


class Parser:
    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth, self.in_print = found, 0, 0, False

    def look(self, ahead: int = 0) -> str:
        """A sign or a word; "" for all else."""
        at = self.at + ahead
        return self.tokens[at][1] if at < len(self.tokens) and self.tokens[at][0] in ("sign", "word") else ""

    def kind(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead][0] if self.at + ahead < len(self.tokens) else ""

    def take(self, sign: str) -> bool:
        if self.look() == sign:
            self.at += 1
            return True
        return False

    def need(self, sign: str) -> str:
        if not self.take(sign):
            raise Wrong
        return sign

    def blank(self) -> None:
        while self.look() in ("\n", ";"):
            self.at += 1

    def lines(self) -> None:
        while self.take("\n"):
            pass

    def program(self) -> tuple[tuple[Node, ...], dict[str, Node]]:
        rules: list[Node] = []
        functions: dict[str, Node] = {}
        self.blank()
        while self.at < len(self.tokens):
            if self.take("function"):
                name = self.name()
                self.need("(")
                params: list[str] = []
                while not self.take(")"):
                    params.append(self.name())
                    self.take(",")
                self.lines()
                functions[name] = (tuple(params), self.block())
            else:
                rules.append(self.rule())
            self.blank()
        return tuple(rules), functions

    def rule(self) -> Node:
        pattern: Node | None = None
        if self.look() in ("BEGIN", "END"):
            pattern = (self.look(),)
            self.at += 1
            self.lines()
        elif self.look() != "{":
            pattern = self.expression()
            if self.take(","):
                pattern = ("range", pattern, self.expression())
        return (pattern, self.block() if self.look() == "{" else ("block", (("print", (), None),)))

    def name(self) -> str:
        if self.kind() != "name":
            raise Wrong
        self.at += 1
        return self.tokens[self.at - 1][1]

    def block(self) -> Node:
        self.need("{")
        found: list[Node] = []
        self.blank()
        while not self.take("}"):
            found.append(self.statement())
            self.blank()
        return ("block", tuple(found))

    def statement(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST or self.at >= len(self.tokens):
            raise Wrong
        found = self._statement()
        self.depth -= 1
        return found

    def _statement(self) -> Node:
        word = self.look()
        if word == "{":
            return self.block()
        if word in ("if", "while", "for", "do"):
            self.at += 1
            return getattr(self, f"_{word}")()  # type: ignore[no-any-return]
        found = self.simple()
        if self.at < len(self.tokens) and self.look() != "}":
            if self.look() not in (";", "\n"):
                raise Wrong
            self.at += 1
        return found

    def simple(self) -> Node:
        word = self.look()
        if word in ("print", "printf"):
            return self._print()
        if word in ("next", "break", "continue"):
            self.at += 1
            return (word,)
        if word in ("exit", "return"):
            self.at += 1
            return (word, None if self.look() in (";", "\n", "}") else self.expression())
        if word == "delete":
            self.at += 1
            name = self.name()
            return ("delete", name, self._subscript() if self.look() == "[" else None)
        if word in (";", "\n"):
            return ("block", ())
        return ("do", self.expression())

    def _if(self) -> Node:
        self.need("(")
        condition = self.expression()
        self.need(")")
        self.lines()
        then = self.statement()
        mark = self.at
        self.blank()
        if self.take("else"):
            self.lines()
            return ("if", condition, then, self.statement())
        self.at = mark
        return ("if", condition, then, None)

    def _while(self) -> Node:
        self.need("(")
        condition = self.expression()
        self.need(")")
        self.lines()
        return ("while", condition, self.statement())

    def _do(self) -> Node:
        self.lines()
        body = self.statement()
        self.blank()
        self.need("while")
        self.need("(")
        condition = self.expression()
        self.need(")")
        return ("dowhile", condition, body)

    def _for(self) -> Node:
        self.need("(")
        if self.kind() == "name" and self.look(1) == "in" and self.kind(2) == "name" and self.look(3) == ")":
            name, _, array = self.name(), self.need("in"), self.name()
            self.need(")")
            self.lines()
            return ("forin", name, array, self.statement())
        first = None if self.look() == ";" else self.simple()
        self.need(";")
        condition = None if self.look() == ";" else self.expression()
        self.need(";")
        step = None if self.look() == ")" else self.simple()
        self.need(")")
        self.lines()
        return ("for", first, condition, step, self.statement())

    def _print(self) -> Node:
        kind = self.look()
        self.at += 1
        self.in_print = True
        values: list[Node] = []
        while self.at < len(self.tokens) and self.look() not in (";", "\n", "}", ">", ">>", "|"):
            values.append(self.expression())
            if not self.take(","):
                break
            self.lines()
        self.in_print = False
        if len(values) == 1 and values[0][0] == "list":
            values = list(values[0][1])
        target = None
        if self.look() in (">", ">>", "|"):
            how = self.look()
            self.at += 1
            target = (how, self._concatenation())
        return (kind, tuple(values), target)

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Wrong
        found = self._ternary()
        if self.look() in ("=", "+=", "-=", "*=", "/=", "%=", "^="):
            if found[0] not in ("var", "field", "item"):
                raise Wrong
            operator = self.look()
            self.at += 1
            self.lines()
            found = ("assign", operator, found, self.expression())
        self.depth -= 1
        return found

    def _ternary(self) -> Node:
        condition = self._or()
        if not self.take("?"):
            return condition
        self.lines()
        first = self.expression()
        self.lines()
        self.need(":")
        self.lines()
        return ("choose", condition, first, self.expression())

    def _or(self) -> Node:
        left = self._and()
        while self.take("||"):
            self.lines()
            left = ("or", left, self._and())
        return left

    def _and(self) -> Node:
        left = self._in()
        while self.take("&&"):
            self.lines()
            left = ("and", left, self._in())
        return left

    def _in(self) -> Node:
        left = self._match()
        while self.look() == "in":
            self.at += 1
            left = ("in", left, self.name())
        return left

    def _match(self) -> Node:
        left = self._comparison()
        while self.look() in ("~", "!~"):
            operator = self.look()
            self.at += 1
            left = ("match", operator == "~", left, self._comparison())
        return left

    def _comparison(self) -> Node:
        left = self._concatenation()
        signs = ("<", "<=", "==", "!=", ">=") if self.in_print else ("<", "<=", "==", "!=", ">=", ">")
        if self.look() in signs:
            operator = self.look()
            self.at += 1
            return ("compare", operator, left, self._concatenation())
        return left

    def _concatenation(self) -> Node:
        left = self._sum()
        while self.kind() in ("number", "string", "name") or self.look() in ("$", "!", "(", "-", "+", "++", "--"):
            if self.look() == "in":
                break
            left = ("join", left, self._sum())
        return left

    def _sum(self) -> Node:
        left = self._product()
        while self.look() in ("+", "-"):
            operator = self.look()
            self.at += 1
            left = ("math", operator, left, self._product())
        return left

    def _product(self) -> Node:
        left = self._unary()
        while self.look() in ("*", "/", "%"):
            operator = self.look()
            self.at += 1
            left = ("math", operator, left, self._unary())
        return left

    def _unary(self) -> Node:
        if self.look() in ("!", "-", "+"):
            operator = self.look()
            self.at += 1
            self.depth += 1
            if self.depth > DEEPEST:
                raise Wrong
            found = ("unary", operator, self._unary())
            self.depth -= 1
            return found
        return self._power()

    def _power(self) -> Node:
        left = self._step()
        if self.take("^"):
            return ("math", "^", left, self._unary())
        return left

    def _step(self) -> Node:
        if self.look() in ("++", "--"):
            operator = self.look()
            self.at += 1
            return ("step", operator, True, self._primary())
        found = self._primary()
        if self.look() in ("++", "--") and found[0] in ("var", "field", "item"):
            self.at += 1
            return ("step", self.tokens[self.at - 1][1], False, found)
        return found

    def _primary(self) -> Node:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "number":
            return ("number", float(text))
        if kind == "string":
            return ("string", text)
        if kind == "regex":
            return ("regex", text)
        if text == "$":
            return ("field", self._step())
        if text == "(":
            return self._parentheses()
        if kind == "name":
            if self.look() == "(":
                return ("call", text, self._arguments())
            return ("item", text, self._subscript()) if self.look() == "[" else ("var", text)
        raise Wrong

    def _parentheses(self) -> Node:
        before, self.in_print = self.in_print, False
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        self.need(")")
        self.in_print = before
        if len(found) == 1:
            return ("group", found[0])
        return ("in", ("subscript", tuple(found)), self.name()) if self.take("in") else ("list", tuple(found))

    def _arguments(self) -> tuple[Node, ...]:
        self.need("(")
        before, self.in_print = self.in_print, False
        found: list[Node] = []
        while not self.take(")"):
            found.append(self.expression())
            if not self.take(",") and self.look() != ")":
                raise Wrong
            self.lines()
        self.in_print = before
        return tuple(found)

    def _subscript(self) -> Node:
        self.need("[")
        before, self.in_print = self.in_print, False
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        self.need("]")
        self.in_print = before
        return found[0] if len(found) == 1 else ("subscript", tuple(found))
