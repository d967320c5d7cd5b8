"""The shell's grammar (POSIX 2.10): a script's text to a tree of tuples.

Our own, because tree-sitter's tree says something else than sh for some everyday lines: in `a && b > f` it redirects
the whole list, in `cat <<E | grep x` the pipe is inside the here-document, and `echo a;;` passes without an error.
"""

from collections.abc import Sequence
from typing import Any

from workloads.runtime.shell.scanner import BLANKS, Scanner, SyntaxProblem, Word, split_assignment, unexpected

Node = tuple[Any, ...]
OPERATORS = ("&&", "||", ";;", "&>>", "&>", "<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "|&", "&", "|", ";", "<",
             ">", "(", ")", "\n")  # fmt: skip
REDIRECTIONS = ("&>>", "&>", "<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "<", ">")
CLOSING = ("then", "do", "done", "fi", "elif", "else", "esac", "}")
DEEPEST = 60


def parse(text: str, dialect: str = "bash") -> Node:
    """The whole script as one list. Raises SyntaxProblem."""
    parser = Parser(Scanner(text, _nested, dialect=dialect))
    found = parser.list(())
    if parser.token() != "":
        raise unexpected(parser.token())
    return found


def _nested(scanner: Scanner) -> Node:
    """The commands of $(...), up to its closing parenthesis, or of backticks, up to their end."""
    return Parser(scanner).list((")",))


class Parser:
    def __init__(self, scanner: Scanner, depth: int = 0) -> None:
        self.scan = scanner
        self.pending: list[tuple[str, bool, bool, list[Word]]] = []  # here-documents whose body comes after this line
        self.depth = depth

    def token(self) -> str:
        """The operator here, or the literal word here ("" at the end), without taking it."""
        self._blanks()
        for operator in OPERATORS:
            if self.scan.text.startswith(operator, self.scan.at) and self._knows(operator):
                return operator
        start = self.scan.at
        end = start
        while end < len(self.scan.text) and self.scan.text[end] not in " \t\n;&|<>()":
            end += 1
        return self.scan.text[start:end]

    def _knows(self, operator: str) -> bool:
        """bash has operators of its own; BusyBox knows one of them."""
        if operator in ("&>", "&>>"):
            return self.scan.dialect != "dash"
        return operator not in ("<<<", "|&") or self.scan.dialect == "bash"

    def take(self, token: str) -> bool:
        if self.token() != token:
            return False
        self.scan.at += len(token)
        if token == "\n":
            self._documents()
        return True

    def need(self, token: str) -> None:
        if not self.take(token):
            raise unexpected(self.token())

    def newlines(self) -> None:
        while self.take("\n"):
            pass

    def list(self, ends: tuple[str, ...]) -> Node:
        """("list", ((command, in background), ...))"""
        commands: list[tuple[Node, bool]] = []
        self.newlines()
        while (token := self.token()) != "" and token not in ends and token not in CLOSING and token not in (")", ";;"):
            command = self.and_or()
            background = self.take("&")
            commands.append((command, background))
            if not background and not self.take(";") and self.token() != "\n":
                break
            self.newlines()
        if not commands and ends and ends != (")",):
            raise unexpected(self.token())
        return ("list", tuple(commands))

    def and_or(self) -> Node:
        first = self.pipeline()
        rest: list[tuple[str, Node]] = []
        while (operator := self.token()) in ("&&", "||"):
            self.take(operator)
            self.newlines()
            rest.append((operator, self.pipeline()))
        return ("andor", first, tuple(rest)) if rest else first

    def pipeline(self) -> Node:
        negated = False
        while self.take("!"):
            negated = not negated
        commands = [self.command()]
        while (token := self.token()) in ("|", "|&"):
            self.take(token)
            if token == "|&":
                commands[-1] = ("redirected", commands[-1], ((2, ">&", (("lit", "1", True),)),))
            self.newlines()
            commands.append(self.command())
        return ("pipeline", tuple(commands), negated) if negated or len(commands) > 1 else commands[0]

    def command(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxProblem("nested too deeply")
        token = self.token()
        compound = {"if": self._if, "while": self._while, "until": self._while, "for": self._for, "case": self._case,
                    "{": self._group, "(": self._subshell, "[[": self._double_bracket,
                    "function": self._keyword}.get(token)  # fmt: skip
        if token == "function" and self.scan.dialect == "dash":
            compound = None
        if token == "(" and self.scan.text.startswith("((", self.scan.at) and self.scan.dialect == "bash":
            compound = self._arithmetic
        node = compound() if compound else self._simple()
        if compound and (redirections := self._redirections()):
            node = ("redirected", node, redirections)
        self.depth -= 1
        return node

    def _if(self) -> Node:
        self.take("if")
        branches = [(self.list(("then",)), self._then())]
        otherwise = None
        while self.take("elif"):
            branches.append((self.list(("then",)), self._then()))
        if self.take("else"):
            otherwise = self.list(("fi",))
        self.need("fi")
        return ("if", tuple(branches), otherwise)

    def _then(self) -> Node:
        self.need("then")
        return self.list(("elif", "else", "fi"))

    def _while(self) -> Node:
        until = self.token() == "until"
        self.take(self.token())
        condition = self.list(("do",))
        return ("while", condition, self._do(), until)

    def _do(self) -> Node:
        self.need("do")
        body = self.list(("done",))
        self.need("done")
        return body

    def _keyword(self) -> Node:
        """bash's `function NAME { ...; }`."""
        self.take("function")
        name = self.token()
        self.take(name)
        if self.take("("):
            self.need(")")
        self.newlines()
        return ("function", name, self.command())

    def _arithmetic(self) -> Node:
        """((...)): true when it is not zero."""
        before = self.scan.at
        self.scan.at += 2
        try:
            return ("arithmetic", self.scan._arithmetic())
        except SyntaxProblem:
            self.scan.at = before
            return self._subshell()

    def _for_arithmetic(self) -> Node:
        """for ((first; while; then))"""
        self.scan.at += 2
        end = self.scan.text.find("))", self.scan.at)
        parts = self.scan.text[self.scan.at : end].split(";")
        if end < 0 or len(parts) != 3:
            raise unexpected("((")
        self.scan.at = end + 2
        self.take(";")
        self.newlines()
        return ("cfor", *(part.strip() for part in parts), self._do())

    def _for(self) -> Node:
        self.take("for")
        self._blanks()
        if self.scan.text.startswith("((", self.scan.at):
            return self._for_arithmetic()
        name = self.token()
        if not name.isidentifier():
            raise unexpected(name)
        self.take(name)
        self.newlines()
        words: tuple[Word, ...] | None = None
        if self.take("in"):
            words = self._words()
        self.take(";")
        self.newlines()
        return ("for", name, words, self._do())

    def _words(self) -> tuple[Word, ...]:
        words = []
        while (token := self.token()) != "" and token not in OPERATORS:
            words.append(self.scan.word())
        return tuple(words)

    def _case(self) -> Node:
        self.take("case")
        self._blanks()
        subject = self.scan.word()
        self.newlines()
        self.need("in")
        self.newlines()
        branches: list[tuple[tuple[Word, ...], Node]] = []
        while not self.take("esac"):
            branches.append(self._branch())
            if not self.take(";;") and self.token() != "esac":
                raise unexpected(self.token())
            self.newlines()
        return ("case", subject, tuple(branches))

    def _branch(self) -> tuple[tuple[Word, ...], Node]:
        self.take("(")
        patterns: list[Word] = []
        while True:
            if self.token() in OPERATORS or self.token() == "":
                raise unexpected(self.token())
            patterns.append(self.scan.word())
            if not self.take("|"):
                break
        self.need(")")
        return tuple(patterns), self._possibly_empty()

    def _possibly_empty(self) -> Node:
        self.newlines()
        return ("list", ()) if self.token() in (";;", "esac") else self.list((";;", "esac"))

    def _group(self) -> Node:
        self.take("{")
        body = self.list(("}",))
        self.need("}")
        return ("group", body)

    def _subshell(self) -> Node:
        self.take("(")
        body = self.list((")",))
        if not body[1]:
            raise unexpected(")")
        self.need(")")
        return ("subshell", body)

    def _double_bracket(self) -> Node:
        words: list[Word] = []
        while (token := self.token()) not in ("", "\n"):
            if token in OPERATORS:
                self.take(token)
                words.append((("lit", token, True),))
            else:
                words.append(self.scan.word())
            if token == "]]":
                return ("simple", (), tuple(words), ())
        raise unexpected(token)

    def _simple(self) -> Node:
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirections: list[Node] = []
        while (token := self.token()) != "":
            if (redirection := self._redirection()) is not None:
                redirections.append(redirection)
            elif token in OPERATORS:
                if token == "(" and len(words) == 1 and not assignments and not redirections:
                    return self._function(words[0])
                if token == "(":
                    raise unexpected(token)
                break
            elif not words and token in CLOSING and not assignments and not redirections:
                raise unexpected(token)
            else:
                word = self.scan.word()
                assignment = None if words and not self._declares(words) else split_assignment(word)
                if assignment and not assignment[1] and self.scan.look() == "(" and self.scan.dialect == "bash":
                    assignments.append((assignment[0], self._array()))
                elif assignment and not words:
                    assignments.append(assignment)
                else:
                    words.append(word)
        if not (assignments or words or redirections):
            raise unexpected(self.token())
        return ("simple", tuple(assignments), tuple(words), tuple(redirections))

    def _declares(self, words: Sequence[Word]) -> bool:
        return words[0] in tuple(
            (("lit", name, False),) for name in ("declare", "local", "typeset", "readonly", "export")
        )

    def _array(self) -> Word:
        """(one two ...): the elements as one piece of a word."""
        self.need("(")
        words: list[Word] = []
        while True:
            self.newlines()
            if self.take(")"):
                return (("array", tuple(words), False),)
            if self.token() in ("", *OPERATORS):
                raise unexpected(self.token())
            words.append(self.scan.word())

    def _function(self, word: Word) -> Node:
        self.need("(")
        self.need(")")
        self.newlines()
        if len(word) != 1 or word[0][0] != "lit":
            raise SyntaxProblem("bad function name")
        return ("function", word[0][1], self.command())

    def _redirections(self) -> tuple[Node, ...]:
        found = []
        while (one := self._redirection()) is not None:
            found.append(one)
        return tuple(found)

    def _redirection(self) -> Node | None:
        """(descriptor, operator, word), or (descriptor, "<<", [word]) for a here-document."""
        self._blanks()
        text, at = self.scan.text, self.scan.at
        while at < len(text) and text[at] in "0123456789" and at - self.scan.at < 3:
            at += 1
        operator = next((one for one in REDIRECTIONS if text.startswith(one, at) and self._knows(one)), None)
        if operator is None:
            return None
        descriptor = int(text[self.scan.at : at]) if at > self.scan.at else (0 if operator[0] == "<" else 1)
        self.scan.at = at + len(operator)
        self._blanks()
        if self.token() in ("", *OPERATORS):
            raise unexpected(self.token())
        word = self.scan.word()
        if operator == "<<<":
            return (descriptor, "<<<", word)
        return (
            (descriptor, operator, word) if operator[:2] != "<<" else self._await_document(descriptor, operator, word)
        )

    def _await_document(self, descriptor: int, operator: str, word: Word) -> Node:
        end = "".join(piece[1] for piece in word if piece[0] == "lit")
        literal = any(piece[-1] for piece in word)
        body: list[Word] = []
        self.pending.append((end, literal, operator == "<<-", body))
        return (descriptor, "<<", body)

    def _documents(self) -> None:
        for end, literal, tabs, into in self.pending:
            body = self.scan.lines_until(end, tabs)
            into.append((("lit", body, True),) if literal else self.scan.document(body))
        self.pending = []

    def _blanks(self) -> None:
        while True:
            if (char := self.scan.look()) and char in BLANKS:
                self.scan.at += 1
            elif not self.scan.take("\\\n"):
                break
        if self.scan.look() == "#":
            while self.scan.look() not in ("", "\n"):
                self.scan.at += 1
