"""Words of the shell's language: quoting and expansions, as tuples of pieces.

A piece is ("lit", text, quoted), ("var", name, operator, word, quoted), ("cmd", list, quoted), ("math", word, quoted).
"""

from collections.abc import Callable
from typing import Any

from clusters.kinds.octets import OURS, PRIVATE
from clusters.kinds.octets import bytes_of as to_bytes
from clusters.kinds.octets import text_of as to_text
from workloads.runtime.numbers import is_digits

Piece = tuple[Any, ...]
Word = tuple[Piece, ...]

BLANKS = " \t"
ENDS = " \t\n;&|<>()"
SPECIAL = "@*#?$!-0123456789"
OPERATORS = (":-", ":=", ":?", ":+", "-", "=", "?", "+", "##", "#", "%%", "%", "//", "/", "^^", "^", ",,", ",", ":")


class SyntaxProblem(Exception):
    """The script cannot be parsed; the text says why as a shell would."""


def unexpected(token: str) -> SyntaxProblem:
    return SyntaxProblem("unexpected end of file" if token == "" else f'unexpected "{_shown(token)}"')


def _shown(token: str) -> str:
    return "newline" if token == "\n" else token


class Scanner:
    """A place in a script's text, and the words that can be read there."""

    def __init__(self, text: str, commands: Callable[["Scanner"], Any], at: int = 0, dialect: str = "bash") -> None:
        self.text, self.at, self.commands, self.dialect = text, at, commands, dialect

    def look(self, count: int = 1) -> str:
        return self.text[self.at : self.at + count]

    def take(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def word(self) -> Word:
        """One word, up to an unquoted blank or operator."""
        return self._pieces(lambda char: char in ENDS, quoted=False)

    def _pieces(self, ends: Callable[[str], bool], quoted: bool) -> Word:
        pieces: list[Piece] = []
        while (char := self.look()) and not ends(char):
            pieces.extend(self._piece(char, ends, quoted))
        return tuple(pieces)

    def _piece(self, char: str, ends: Callable[[str], bool], quoted: bool) -> list[Piece]:
        if char == "\\":
            return self._escape(quoted)
        if char == "'" and not quoted:
            return [("lit", self._single(), True)]
        if char == '"':
            return self._double(ends, quoted)
        if char == "$":
            return [self._dollar(quoted)]
        if char == "`":
            return [("cmd", self._backticks(quoted), quoted)]
        start = self.at
        while (char := self.look()) and char not in "\\'\"$`" and not ends(char):
            self.at += 1
        if self.at == start:  # an apostrophe between double quotes
            self.at += 1
        return [("lit", self.text[start : self.at], quoted)]

    def _escape(self, quoted: bool) -> list[Piece]:
        self.at += 1
        char = self.look()
        self.at += 1
        if char == "\n":
            return []
        if char == "" or (quoted and char not in '$`"\\'):
            return [("lit", "\\" + char, True)]
        return [("lit", char, True)]

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise SyntaxProblem("unterminated quoted string")
        found = self.text[self.at + 1 : end]
        self.at = end + 1
        return found

    def _double(self, ends: Callable[[str], bool], quoted: bool) -> list[Piece]:
        self.at += 1
        inner = self._pieces(lambda char: char == '"', quoted=True)
        if not self.take('"'):
            raise SyntaxProblem("unterminated quoted string")
        return list(inner) or [("lit", "", True)]

    def _dollar(self, quoted: bool) -> Piece:
        self.at += 1
        if self.take("(("):
            return ("math", self._arithmetic(), quoted)
        if self.take("("):
            commands = self.commands(self)
            if not self.take(")"):
                raise unexpected(self.look())
            return ("cmd", commands, quoted)
        if self.take("{"):
            return self._braces(quoted)
        if self.look() == "'" and not quoted:
            return ("lit", unescape(self._single()), True)
        name = self._name()
        return ("var", name, "", None, quoted) if name else ("lit", "$", quoted)

    def _name(self) -> str:
        if (char := self.look()) and char in SPECIAL:
            self.at += 1
            return char
        start = self.at
        while (char := self.look()).isalnum() or char == "_":
            self.at += 1
        return self.text[start : self.at]

    def _braces(self, quoted: bool) -> Piece:
        if self.look() == "#" and self.look(2) not in ("#}", "##", "#%", "#:"):
            self.at += 1
            piece: Piece = ("var", self._long_name(), "length", None, quoted)
        elif self.look() == "!" and self.look(2) != "!}":
            self.at += 1
            name = self._name()
            piece = ("var", name, "names" if self.take("[@]") or self.take("[*]") else "indirect", None, quoted)
        else:
            name = self._long_name()
            operator = next((one for one in OPERATORS if self.take(one)), "")
            word = self._pieces(lambda char: char == "}", quoted) if operator else None
            piece = ("var", name, operator, word, quoted)
        if not self.take("}") or not piece[1]:
            raise SyntaxProblem("bad substitution")
        return piece

    def _long_name(self) -> str:
        start = self.at
        while is_digits(self.look()):
            self.at += 1
        name = self.text[start : self.at] or self._name()
        if self.look() == "[" and name.isidentifier() and (end := self.text.find("]", self.at)) > 0:
            name += self.text[self.at : end + 1]  # an element of an array
            self.at = end + 1
        return name

    def _arithmetic(self) -> Word:
        depth = 0

        def ends(char: str) -> bool:
            nonlocal depth
            if char == ")" and depth == 0:
                return True
            depth += (char == "(") - (char == ")")
            return False

        pieces: list[Piece] = []
        while (char := self.look()) and not ends(char):
            if char in '\\$`"':
                pieces.extend(self._piece(char, lambda _: False, True))
            else:
                self.at += 1
                pieces.append(("lit", char, True))
        if not self.take("))"):
            raise SyntaxProblem("missing '))'")
        return _merged(pieces)

    def _backticks(self, quoted: bool) -> Any:
        end = self.at + 1
        while end < len(self.text) and self.text[end] != "`":
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            raise SyntaxProblem("EOF in backquote substitution")
        inner = self.text[self.at + 1 : end]
        self.at = end + 1
        for char in "`$\\" + ('"' if quoted else ""):
            inner = inner.replace("\\" + char, char)
        return self.commands(Scanner(inner, self.commands, dialect=self.dialect))

    def lines_until(self, end: str, tabs: bool) -> str:
        """The lines before the one that is `end`; without their leading tabs if so wished."""
        lines: list[str] = []
        while self.at < len(self.text):
            line, newline, _ = self.text[self.at :].partition("\n")
            self.at += len(line) + len(newline)
            line = line.lstrip("\t") if tabs else line
            if line == end:
                break
            lines.append(line + newline)
        return "".join(lines)

    def document(self, body: str) -> Word:
        """A here-document's body: expansions as between double quotes, but the quotes themselves are text."""
        inside = Scanner(body, self.commands, dialect=self.dialect)
        pieces: list[Piece] = []
        while char := inside.look():
            if char in "\\$`":
                pieces.extend(inside._piece(char, lambda _: False, True))
                continue
            start = inside.at
            while (char := inside.look()) and char not in "\\$`":
                inside.at += 1
            pieces.append(("lit", inside.text[start : inside.at], True))
        return tuple(pieces)


def _merged(pieces: list[Piece]) -> Word:
    """Neighbouring quoted literals as one."""
    out: list[Piece] = []
    for piece in pieces:
        if out and piece[0] == "lit" == out[-1][0]:
            piece = ("lit", out.pop()[1] + piece[1], True)
        out.append(piece)
    return tuple(out)


def split_assignment(word: Word) -> tuple[str, Word] | None:
    """NAME=value at the beginning of a command."""
    if not word or word[0][0] != "lit" or word[0][2]:
        return None
    name, equals, value = word[0][1].partition("=")
    plain = name.removesuffix("+")
    if plain.endswith("]"):
        plain = plain.partition("[")[0]
    if not equals or not plain.isidentifier() or not plain.isascii():
        return None
    return name, ((("lit", value, False), *word[1:]) if value else word[1:])


ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "\\": "\\"}


def unescape(text: str) -> str:
    """Backslash escapes as echo -e, printf and $'...' know them."""
    out: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char != "\\" or at == len(text):
            out.append(char)
            continue
        code = text[at]
        at += 1
        if code in ESCAPES:
            out.append(ESCAPES[code])
        elif code in "01234567":
            digits = code
            while at < len(text) and len(digits) < 3 + (code == "0") and text[at] in "01234567":
                digits += text[at]
                at += 1
            out.append(_byte(int(digits, 8) & 255))
        elif code == "x" and at < len(text) and text[at] in "0123456789abcdefABCDEF":
            digits = ""
            while at < len(text) and len(digits) < 2 and text[at] in "0123456789abcdefABCDEF":
                digits += text[at]
                at += 1
            out.append(_byte(int(digits, 16)))
        else:
            out.append("'" if code == "'" else "\\" + code)
    text = "".join(out)
    return to_text(to_bytes(text)) if OURS.search(text) else text


def _byte(code: int) -> str:
    """A byte by its number: only several of them together may make a character."""
    return chr(code) if 0 < code < 128 else chr(PRIVATE + code) if code else "\0"
