"""test, [ and [[."""

import re

from workloads.runtime.files import SPECIAL
from workloads.runtime.numbers import whole
from workloads.runtime.shell.pattern import matches, plain
from workloads.runtime.tool import Call
from workloads.runtime.tools.regular import classes, safe

NUMERIC = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")
STRINGS = ("=", "==", "!=", "<", ">")
FILES = ["-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h", "-c", "-b", "-p", "-S"]


class Wrong(Exception):
    """The expression makes no sense; exit code 2."""


def test(call: Call) -> int:
    words = list(call.args)
    if call.name in ("[", "[["):
        closing = "]" * len(call.name)
        if not words or words.pop() != closing:
            call.complain(f"missing {closing}")
            return 2
    try:
        condition = Condition(call, words)
        value = condition.either() if words else False
        if condition.words:
            raise Wrong(f"{condition.words[0]}: unexpected operator")
    except Wrong as problem:
        call.complain(str(problem))
        return 2
    return 0 if value else 1


class Condition:
    def __init__(self, call: Call, words: list[str]) -> None:
        self.call, self.words = call, words

    def either(self) -> bool:
        value = self._both()
        while self.words[:1] in (["-o"], ["||"]):
            self.words.pop(0)
            value = self._both() or value
        return value

    def _both(self) -> bool:
        value = self._not()
        while self.words[:1] in (["-a"], ["&&"]):
            self.words.pop(0)
            value = self._not() and value
        return value

    def _not(self) -> bool:
        if self.words[:1] == ["!"] and len(self.words) > 1 and self.words[1] not in STRINGS:
            self.words.pop(0)
            return not self._not()
        if self.words[:1] == ["("] and len(self.words) > 2:
            self.words.pop(0)
            value = self.either()
            if self.words[:1] != [")"]:
                raise Wrong("closing paren expected")
            self.words.pop(0)
            return value
        return self._primary()

    def _primary(self) -> bool:
        if not self.words:
            raise Wrong("argument expected")
        first = self.words.pop(0)
        if self.words and self.words[0] in (*STRINGS, *NUMERIC, "=~", "-nt", "-ot") and len(self.words) > 1:
            return self._compare(first, self.words.pop(0), self.words.pop(0))
        if len(first) == 2 and first[0] == "-" and self.words and (first in FILES or first in ("-n", "-z", "-t")):
            return self._unary(first, self.words.pop(0))
        return first != ""

    def _compare(self, left: str, operator: str, right: str) -> bool:
        if operator in NUMERIC:
            one, two = _number(left), _number(right)
            return {"-eq": one == two, "-ne": one != two, "-lt": one < two, "-le": one <= two, "-gt": one > two,
                    "-ge": one >= two}[operator]  # fmt: skip
        if operator in ("-nt", "-ot"):
            ages = [self.call.files.changed_at(self.call.path(name)) or 0 for name in (left, right)]
            return ages[0] > ages[1] if operator == "-nt" else ages[0] < ages[1]
        if operator == "=~":
            try:
                return re.search(safe(classes(right)), left) is not None
            except re.error:
                raise Wrong(f"{right}: bad regular expression") from None
        if operator in ("<", ">"):
            return left < right if operator == "<" else left > right
        is_same = matches(right, left) if self.call.name == "[[" else left == right
        return is_same if operator != "!=" else not is_same

    def _unary(self, operator: str, word: str) -> bool:
        if operator in ("-n", "-z"):
            return (word != "") == (operator == "-n")
        if operator == "-t":
            return str(self.call.process["fds"].get(word, "")).startswith("tty:")
        path, files = self.call.path(plain(word) if self.call.name == "[[" else word), self.call.files
        text = files.read(path)
        if operator in ("-f", "-s"):
            return text is not None and (operator == "-f" or text != "")
        if operator == "-d":
            return files.is_folder(path)
        if operator in ("-L", "-h"):
            return "link" in (files.changes.get(path) or {})
        if operator == "-x":
            return files.exists(path) and bool(files.mode(path) & 0o111)
        if operator in ("-b", "-p", "-S", "-c"):
            return operator == "-c" and path in SPECIAL
        return files.exists(path)


def _number(word: str) -> int:
    found = whole(word.strip())
    if found is None:
        raise Wrong(f"{word}: bad number")
    return found
