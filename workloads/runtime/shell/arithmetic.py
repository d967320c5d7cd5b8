"""$((...)): integers of 64 bits, C's operators, variables without a dollar, assignments."""

import re
from collections.abc import Callable, Mapping, MutableMapping

from workloads.runtime.numbers import is_digits

TOKEN = re.compile(
    r"\s*(0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|"
    r"<<=|>>=|\*\*|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|\+\+|--|[-+*/%()<>&|^~!?:=,])"
)
LEVELS = (("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<=", ">=", "<", ">"), ("<<", ">>"), ("+", "-"),
          ("*", "/", "%"))  # fmt: skip
ASSIGNING = ("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=")
DEEPEST = 50


class Wrong(Exception):
    """The expression cannot be evaluated; the text is the shell's."""


def evaluate(text: str, variables: MutableMapping[str, str], depth: int = 0) -> int:
    """The value; assignments go into `variables`. Raises Wrong."""
    if not text.strip():
        return 0
    if depth > DEEPEST:
        raise Wrong("arithmetic syntax error")
    return Evaluation(_tokens(text), variables, depth).whole()


def _tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Wrong("arithmetic syntax error")
        found.append(match.group(1))
        at = match.end()
    return found


class Evaluation:
    def __init__(self, tokens: list[str], variables: MutableMapping[str, str], depth: int) -> None:
        self.tokens, self.at, self.variables, self.depth = tokens, 0, variables, depth
        self.live = True  # false in the branch of && || ?: that is not taken

    def whole(self) -> int:
        value = self._comma()
        if self.at < len(self.tokens):
            raise Wrong("arithmetic syntax error")
        return value

    def _look(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def _comma(self) -> int:
        value = self._assignment()
        while self._look() == ",":
            self.at += 1
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        name, operator = self._look(), self._look(1)
        if not _is_name(name) or operator not in ASSIGNING:
            return self._choice()
        self.at += 2
        value = self._assignment()
        if operator != "=":
            value = self._apply(operator[:-1], self._variable(name), value)
        return self._assign(name, value)

    def _choice(self) -> int:
        condition = self._binary(0)
        if self._look() != "?":
            return condition
        self.at += 1
        first = self._if(bool(condition), self._assignment)
        if self._look() != ":":
            raise Wrong("arithmetic syntax error")
        self.at += 1
        second = self._if(not condition, self._assignment)
        return first if condition else second

    def _if(self, live: bool, read: Callable[[], int]) -> int:
        before, self.live = self.live, self.live and live
        value = read()
        self.live = before
        return value

    def _binary(self, level: int) -> int:
        if level == len(LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while (operator := self._look()) in LEVELS[level]:
            self.at += 1
            skips = (operator == "&&" and not left) or (operator == "||" and bool(left))
            right = self._if(not skips, lambda: self._binary(level + 1))
            left = self._apply(operator, left, right)
        return left

    def _unary(self) -> int:
        token = self._look()
        if token in ("++", "--") and _is_name(self._look(1)):
            name = self._look(1)
            self.at += 2
            return self._assign(name, self._variable(name) + (1 if token == "++" else -1))
        if token in ("+", "-", "!", "~"):
            self.at += 1
            value = self._unary()
            return {"+": value, "-": -value, "!": int(not value), "~": ~value}[token]
        return self._primary()

    def _primary(self) -> int:
        token = self._look()
        self.at += 1
        if token == "(":
            value = self._comma()
            if self._look() != ")":
                raise Wrong("arithmetic syntax error")
            self.at += 1
            return value
        if is_digits(token[:1]):
            return _number(token)
        if not _is_name(token):
            raise Wrong("arithmetic syntax error")
        value = self._variable(token)
        if self._look() in ("++", "--"):
            self._assign(token, value + (1 if self._look() == "++" else -1))
            self.at += 1
        return value

    def _variable(self, name: str) -> int:
        return evaluate(self.variables.get(name, ""), self.variables, self.depth + 1)

    def _assign(self, name: str, value: int) -> int:
        if self.live:
            self.variables[name] = str(value)
        return value

    def _apply(self, operator: str, left: int, right: int) -> int:
        if operator in ("/", "%"):
            if right == 0:
                if self.live:
                    raise Wrong("divide by zero")
                return 0
            quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
            return quotient if operator == "/" else left - quotient * right
        if operator in ("<<", ">>"):
            return _wrapped(left << (right & 63)) if operator == "<<" else left >> (right & 63)
        return _wrapped(int(SIMPLE[operator](left, right)))


SIMPLE: Mapping[str, Callable[[int, int], int]] = {
    "+": int.__add__, "-": int.__sub__, "*": int.__mul__, "&": int.__and__, "|": int.__or__, "^": int.__xor__,
    "==": int.__eq__, "!=": int.__ne__, "<": int.__lt__, ">": int.__gt__, "<=": int.__le__, ">=": int.__ge__,
    "&&": lambda left, right: left != 0 and right != 0, "||": lambda left, right: left != 0 or right != 0,
}  # fmt: skip


def _is_name(token: str) -> bool:
    return token.isidentifier()


def _number(token: str) -> int:
    try:
        return _wrapped(
            int(token[:20], 8 if is_digits(token) and token[0] == "0" else 0 if token[:2] in ("0x", "0X") else 10)
        )
    except ValueError:
        raise Wrong("arithmetic syntax error") from None


def _wrapped(value: int) -> int:
    return (value + 2**63) % 2**64 - 2**63
