"""The builtin read: one line of a descriptor into variables."""

import re

from workloads.runtime.shell.interpreter import LONGEST, Shell
from workloads.runtime.shell.words import AGAIN
from workloads.runtime.tool import flags


def read(shell: Shell, argv: list[str]) -> int:
    options, names = flags(argv[1:], takes="tnpd")
    line = _line(shell, raw="r" in options)
    if line is None:
        return AGAIN
    text, is_whole = line
    _assign(shell, text, names or ["REPLY"])
    return 0 if is_whole else 1


def _line(shell: Shell, raw: bool) -> tuple[str, bool] | None:
    """The line, and whether it ended in a newline; None when there is not yet a whole one."""
    so_far = shell.p.pop("reading", "")
    while True:
        chunk = shell.machine.read(shell.p, 0)
        if chunk is None:
            shell.p.update(reading=so_far, wait=["input", 0])
            return None
        line, newline, rest = chunk.partition("\n")
        so_far += line
        if len(so_far) > LONGEST:
            shell.die("out of memory")
        if newline:
            shell.machine.unread(shell.p, 0, rest)
        if newline and not raw and so_far.endswith("\\"):
            so_far = so_far[:-1]
            continue
        if newline or not chunk:
            return so_far if raw else re.sub(r"\\(.)", r"\1", so_far), bool(newline)


def _assign(shell: Shell, text: str, names: list[str]) -> None:
    separators = shell.p["vars"].get("IFS", " \t\n")
    blanks = "".join(char for char in separators if char in " \t\n")
    rest = text.strip(blanks) if blanks else text
    for name in names[:-1]:
        end = next((at for at, char in enumerate(rest) if char in separators), len(rest))
        value, rest = rest[:end], rest[end + 1 :].lstrip(blanks) if blanks else rest[end + 1 :]
        shell.set(name, value)
    shell.set(names[-1], rest)
