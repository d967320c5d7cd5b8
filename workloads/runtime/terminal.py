"""A terminal as data: the kernel's line discipline, and the line editing that a shell has at its prompt.

Keys go in, whole lines come out; what the person sees of it is the echo. A terminal is plain JSON, never mutated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clusters.kinds.body import Body

LINE = 4096  # characters that one line holds
HISTORY = 100  # lines that the prompt remembers
AHEAD = 256  # lines typed before anybody reads them
SIGNALS = {"\x03": ("INT", "^C"), "\x1c": ("QUIT", "^\\")}
BELL = "\a"


@dataclass(frozen=True, slots=True)
class Typed:
    """What became of some keys: the terminal after them, what is shown, and signals for who runs in front."""

    terminal: Body
    echo: str
    signals: tuple[str, ...]


def new(rows: int = 24, columns: int = 80) -> Body:
    """`ready` holds lines that can be read; "" among them is the end of input."""
    return {
        "rows": rows, "columns": columns, "echo": True, "lines": True,
        "line": "", "at": 0, "ready": [], "escape": "",
        "prompt": None, "history": [], "seen": 0,
    }  # fmt: skip


def typed(terminal: Body, keys: str) -> Typed:
    """Somebody types this."""
    draft = _Draft({**terminal, "ready": list(terminal["ready"]), "history": list(terminal["history"])})
    for key in keys:
        draft.press(key)
    return Typed(draft.state, "".join(draft.shown), tuple(draft.signals))


def shown(text: str) -> str:
    """What a program writes, as the terminal gets it: each line begins at the left."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


class _Draft:
    """A terminal between two keys."""

    def __init__(self, state: Body) -> None:
        self.state = state
        self.shown: list[str] = []
        self.signals: list[str] = []

    @property
    def is_at_prompt(self) -> bool:
        return self.state["prompt"] is not None

    def show(self, text: str) -> None:
        if self.state["echo"]:
            self.shown.append(text)

    def press(self, key: str) -> None:
        state = self.state
        if key in SIGNALS and state["lines"]:
            self._signal(*SIGNALS[key])
        elif not state["lines"]:
            self._enter(key)
        elif state["escape"] or (key == "\x1b" and self.is_at_prompt):
            self._escape(key)
        elif key in "\r\n":
            self._line()
        elif key in EDITING and (self.is_at_prompt or key in ALWAYS):
            EDITING[key](self)
        elif key < " ":
            if not self.is_at_prompt:
                self._insert(key, f"^{chr(ord(key) + 64)}" if key != "\t" else key)
        else:
            self._insert(key, key)

    def _signal(self, name: str, sign: str) -> None:
        state = self.state
        state.update(line="", at=0, escape="", ready=[])
        self.show(sign + ("\r\n" if self.is_at_prompt else ""))
        if self.is_at_prompt:
            self._enter("\n")  # an empty command: the shell asks again
        self.signals.append(name)

    def _enter(self, text: str) -> None:
        if len(self.state["ready"]) < AHEAD:
            self.state["ready"].append(text)
        else:
            self.show(BELL)

    def _line(self) -> None:
        state = self.state
        line = state["line"]
        self.show("\r\n")
        if self.is_at_prompt and line.strip() and state["history"][-1:] != [line]:
            state["history"] = [*state["history"], line][-HISTORY:]
        state.update(line="", at=0, seen=len(state["history"]))
        self._enter(line + "\n")

    def _insert(self, key: str, sign: str) -> None:
        state = self.state
        if len(state["line"]) >= LINE:
            self.show(BELL)
            return
        line, at = state["line"], state["at"]
        state.update(line=line[:at] + key + line[at:], at=at + 1)
        tail = line[at:]
        self.show(sign + tail + "\b" * len(tail))

    def _escape(self, key: str) -> None:
        """Keys that send several characters: ESC [ A."""
        so_far = self.state["escape"] + key
        if len(so_far) == 2 and key not in "[O":  # Esc alone, and then something else
            self.state["escape"] = ""
            self.press(key)
            return
        self.state["escape"] = so_far
        if len(so_far) == 1 or (len(so_far) == 2 and key in "[O") or (len(so_far) < 8 and key in "0123456789;"):
            return
        self.state["escape"] = ""
        action = KEYS.get(so_far[2:])
        if action:
            action(self)

    def replace(self, line: str) -> None:
        """Another line in its place."""
        state = self.state
        old, at = state["line"], state["at"]
        rest = max(len(old) - len(line), 0)
        self.show("\b" * at + line + " " * rest + "\b" * rest)
        state.update(line=line, at=len(line))

    def move(self, to: int) -> None:
        state = self.state
        at = state["at"]
        self.show("\b" * (at - to) if to < at else state["line"][at:to])
        state["at"] = to

    def cut(self, begin: int, end: int) -> None:
        """Without these characters."""
        state = self.state
        line = state["line"]
        self.move(begin)
        tail = line[end:]
        gone = end - begin
        self.show(tail + " " * gone + "\b" * (len(tail) + gone))
        state["line"] = line[:begin] + tail


def _backspace(draft: _Draft) -> None:
    if draft.state["at"]:
        draft.cut(draft.state["at"] - 1, draft.state["at"])


def _delete(draft: _Draft) -> None:
    if draft.state["at"] < len(draft.state["line"]):
        draft.cut(draft.state["at"], draft.state["at"] + 1)


def _end_of_input(draft: _Draft) -> None:
    """^D: what was typed so far is read; on an empty line that is the end."""
    line = draft.state["line"]
    if line and draft.is_at_prompt:
        _delete(draft)
        return
    draft.state.update(line="", at=0)
    draft._enter(line)


def _kill_line(draft: _Draft) -> None:
    draft.cut(0, draft.state["at"])


def _kill_rest(draft: _Draft) -> None:
    draft.cut(draft.state["at"], len(draft.state["line"]))


def _kill_word(draft: _Draft) -> None:
    before = draft.state["line"][: draft.state["at"]].rstrip(" ")
    draft.cut(before.rfind(" ") + 1, draft.state["at"])


def _clear(draft: _Draft) -> None:
    state = draft.state
    back = len(state["line"]) - state["at"]
    draft.show("\x1b[H\x1b[J" + str(state["prompt"]) + state["line"] + "\b" * back)


def _home(draft: _Draft) -> None:
    draft.move(0)


def _to_the_end(draft: _Draft) -> None:
    draft.move(len(draft.state["line"]))


def _left(draft: _Draft) -> None:
    draft.move(max(draft.state["at"] - 1, 0))


def _right(draft: _Draft) -> None:
    draft.move(min(draft.state["at"] + 1, len(draft.state["line"])))


def _remember(draft: _Draft, step: int) -> None:
    state = draft.state
    wanted = state["seen"] + step
    if 0 <= wanted <= len(state["history"]):
        state["seen"] = wanted
        draft.replace(state["history"][wanted] if wanted < len(state["history"]) else "")


Action = Callable[[_Draft], Any]
ALWAYS = "\x7f\b\x04\x15\x17"  # what the kernel itself edits, whoever reads
EDITING: Mapping[str, Action] = {
    "\x7f": _backspace,
    "\b": _backspace,
    "\x04": _end_of_input,
    "\x15": _kill_line,
    "\x17": _kill_word,
    "\x0b": _kill_rest,
    "\x01": _home,
    "\x05": _to_the_end,
    "\x02": _left,
    "\x06": _right,
    "\x0c": _clear,
    "\x10": lambda draft: _remember(draft, -1),
    "\x0e": lambda draft: _remember(draft, 1),
}
KEYS: Mapping[str, Action] = {
    "A": lambda draft: _remember(draft, -1),
    "B": lambda draft: _remember(draft, 1),
    "C": _right,
    "D": _left,
    "H": _home,
    "F": _to_the_end,
    "1~": _home,
    "4~": _to_the_end,
    "3~": _delete,
}
