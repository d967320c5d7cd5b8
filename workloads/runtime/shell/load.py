"""Where a shell's script comes from: -c, a file, or stdin."""

import re
from collections.abc import Iterator
from typing import NoReturn

from workloads.runtime.errors import Exited
from workloads.runtime.shell.compile import program
from workloads.runtime.shell.interpreter import LONGEST, Shell
from workloads.runtime.shell.scanner import SyntaxProblem

OPTIONS = "aefimnuxvsl"
PROMPTS = {"ash": r"\w # ", "dash": "# ", "bash": r"\u@\h:\w# "}
ESCAPE = re.compile(r"\\(.)")
UNFINISHED = ("unexpected end of file", "unterminated quoted string", "EOF in backquote", "missing '))'")
DOCUMENT = re.compile(r"<<(-?)[ \t]*(\\?\w+|'[^'\n]*'|\"[^\"\n]*\")")


def load_script(shell: Shell) -> bool:
    """Reads the arguments once; False while the script is still coming in through stdin."""
    p = shell.p
    if p.get("source"):
        return _begin(shell, _stdin(shell))
    words, is_command = list(p["loading"]), False
    while words and words[0][:1] in "-+" and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        if word == "-o" or word == "+o":
            words = words[1:]
            continue
        is_command = is_command or "c" in word[1:]
        unknown = [letter for letter in word[1:] if letter not in OPTIONS + "c"]
        if unknown and not word.startswith("--"):
            shell.die(f"illegal option -{unknown[0]}")
        p["options"] += "".join(letter for letter in word[1:] if letter in "eux") if word[1] != "-" else ""
    return _begin(shell, _text(shell, words, is_command))


def _begin(shell: Shell, text: str | None) -> bool:
    if text is None:
        return False
    shell.p.update(loading=None, wait=None, at=[shell.text_at(text), 0, 0])
    return True


def _text(shell: Shell, words: list[str], is_command: bool) -> str | None:
    if is_command:
        if not words:
            shell.die("-c requires an argument")
        shell.p.update(name=words[1] if len(words) > 1 else shell.p["name"], args=words[2:])
        return words[0]
    if words:
        return _file(shell, words)
    return _stdin(shell)


def _file(shell: Shell, words: list[str]) -> str:
    text = shell.machine.files.read(shell.path(words[0]))
    if text is None:
        shell.die(f"can't open '{words[0]}': No such file or directory", 2)
    shell.p.update(name=words[0], args=words[1:])
    return text or ""


def _stdin(shell: Shell) -> str | None:
    """The next whole command: the shell runs it before it reads on, as what it runs may read from there too."""
    p = shell.p
    p.setdefault("source", "stdin")
    if "interactive" not in p and p["fds"].get("0", "").startswith("tty:"):
        p["interactive"] = True
    while True:
        _ask(shell)
        chunk = shell.machine.read(p, 0)
        if chunk is None:
            p["wait"] = ["input", 0]
            return None
        line, newline, rest = chunk.partition("\n")
        shell.machine.unread(p, 0, rest)
        _answered(shell)
        typed = p.pop("typed", "") + line + newline
        if len(typed) > LONGEST:
            shell.die("out of memory")
        if typed and (not newline or is_whole(typed, shell.dialect)):
            return str(typed)
        if not chunk:
            _leave(shell)
        p["typed"] = typed


def is_whole(text: str, dialect: str = "bash") -> bool:
    """Whether nothing of the command is still to come in the next lines."""
    if text.endswith("\\\n"):
        return False
    try:
        program(text, dialect)
    except SyntaxProblem as problem:
        return not any(str(problem).startswith(words) for words in UNFINISHED)
    return not any(has_open_document(text))


def has_open_document(text: str) -> Iterator[bool]:
    """For each here-document in it whether its last line is missing."""
    for found in DOCUMENT.finditer(text):
        tabs, word = found[1], found[2].strip("\"'").replace("\\", "")
        lines = text[found.end() :].split("\n")[1:]
        yield word not in ([line.lstrip("\t") for line in lines] if tabs else lines)


def next_command(shell: Shell) -> NoReturn:
    """One command of stdin is done: the shell's next turn begins with the next."""
    p = shell.p
    kept = [place[0] for place in p["functions"].values()]
    if p["texts"] and len(p["texts"]) - 1 not in kept and p["at"][0] == len(p["texts"]) - 1:
        p["texts"].pop()  # nothing refers to it any more
    p["loading"] = []
    raise Exited


def _ask(shell: Shell) -> None:
    """The prompt, once before each line of a terminal."""
    p = shell.p
    if not p.get("interactive") or p.get("prompted"):
        return
    text = "> " if p.get("typed") else prompt(shell)
    p["prompted"] = text
    shell.machine.write(p, 2, text)
    terminal = p["fds"].get("0", "").partition(":")[2]
    if terminal in shell.machine.run.get("ttys", ()):
        shell.machine.part("ttys")[terminal]["prompt"] = text


def _answered(shell: Shell) -> None:
    p = shell.p
    if p.pop("prompted", None):
        terminal = p["fds"].get("0", "").partition(":")[2]
        if terminal in shell.machine.run.get("ttys", ()):
            shell.machine.part("ttys")[terminal]["prompt"] = None


def prompt(shell: Shell) -> str:
    """PS1, or what this shell shows without one."""
    p = shell.p
    name = p["name"].rpartition("/")[2].lstrip("-")
    kind = "bash" if name == "bash" else shell.machine.base.shell
    pattern = str(p["vars"].get("PS1", PROMPTS.get(kind, "# ")))
    cwd = "~" if p["cwd"] == p["vars"].get("HOME", "/root") else p["cwd"]
    facts = {"w": cwd, "W": cwd.rpartition("/")[2] or cwd, "h": shell.machine.run["hostname"], "u": "root"}
    facts |= {"H": facts["h"], "$": "#", "n": "\n", "s": name, "[": "", "]": "", "e": "\x1b"}
    return ESCAPE.sub(lambda found: facts.get(found[1], found[0]), pattern)


def _leave(shell: Shell) -> NoReturn:
    """The end of stdin is the end of the shell."""
    if shell.p.get("interactive"):
        is_bash = shell.p["name"].rpartition("/")[2] == "bash"
        shell.machine.write(shell.p, 2, "exit\n" if is_bash else "\n")
    shell.p["loading"] = None
    shell.finish(shell.leaving())
