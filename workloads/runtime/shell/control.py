"""Instructions that assign, jump, loop, redirect, define and end."""

from collections.abc import Callable, Mapping
from typing import Any

from workloads.runtime.errors import FileProblem
from workloads.runtime.shell import arithmetic, arrays
from workloads.runtime.shell.command import run
from workloads.runtime.shell.expanding import Variables
from workloads.runtime.shell.interpreter import Shell
from workloads.runtime.shell.load import next_command
from workloads.runtime.shell.pattern import matches
from workloads.runtime.shell.redirect import open_redirection


def _args(shell: Shell) -> None:
    shell.p["substatus"] = 0
    shell.stack.append({"args": [], "env": {}})


def _prefix(shell: Shell, name: str) -> None:
    text = shell.stack.pop()
    shell.stack[-1]["env"][name] = text


def _assigning(shell: Shell) -> None:
    shell.p["substatus"] = 0


def _assign(shell: Shell, name: str) -> None:
    arrays.assign(shell, name, shell.stack.pop())


def _assign_array(shell: Shell, name: str) -> None:
    arrays.assign_all(shell, name, shell.stack.pop()["args"])


def _compute(shell: Shell) -> None:
    _evaluate(shell, shell.stack.pop())


def _evaluate(shell: Shell, text: str) -> None:
    """((...)): 0 when it is not zero; nothing is true."""
    try:
        value = arithmetic.evaluate(arrays.plain(shell, text), Variables(shell)) if text.strip() else 1
    except arithmetic.Wrong as problem:
        shell.say(f"((: {text}: {problem}")
        value = 0
    shell.p["status"] = int(value == 0)


def _assigned(shell: Shell) -> None:
    shell.p["status"] = shell.p["substatus"]


def _jump(shell: Shell, target: int) -> None:
    shell.jump(target)


def _if_failed(shell: Shell, target: int) -> None:
    if shell.p["status"] != 0:
        shell.jump(target)


def _if_ok(shell: Shell, target: int) -> None:
    if shell.p["status"] == 0:
        shell.jump(target)


def _not(shell: Shell) -> None:
    shell.p["status"] = int(shell.p["status"] == 0)


def _status(shell: Shell, status: int) -> None:
    shell.p["status"] = status


def _tested(shell: Shell, more: int) -> None:
    shell.p["tested"] += more


def _check(shell: Shell) -> None:
    if shell.p["status"] != 0 and shell.p["tested"] == 0 and "e" in shell.p["options"]:
        shell.finish(shell.p["status"])


def _loop(shell: Shell, leave: int, again: int) -> None:
    shell.push(["loop", leave, again, len(shell.stack), shell.p["tested"], [], 0])


def _for(shell: Shell, leave: int, again: int) -> None:
    values = shell.stack.pop()["args"]
    values.reverse()
    shell.push(["loop", leave, again, len(shell.stack), shell.p["tested"], values, 0])


def _next(shell: Shell, name: str, leave: int) -> None:
    values = shell.frames[-1][5]
    if values:
        shell.set(name, values.pop())
    else:
        shell.jump(leave)


def _round(shell: Shell) -> None:
    shell.frames[-1][6] = shell.p["status"]


def _loop_over(shell: Shell) -> None:
    """A loop's status is that of the last command of its body, not of the condition that ended it."""
    shell.p["status"] = shell.frames.pop()[6]


def _match(shell: Shell, target: int) -> None:
    if matches(shell.stack.pop(), shell.stack[-1]):
        shell.jump(target)


def _drop(shell: Shell) -> None:
    shell.stack.pop()


def _function(shell: Shell, name: str, block: int) -> None:
    shell.p["functions"][name] = [shell.p["at"][0], block]
    shell.p["status"] = 0


def _redirect(shell: Shell) -> None:
    shell.push(["redirect", dict(shell.p["fds"]), len(shell.stack)])


def _open(shell: Shell, descriptor: int, operator: str, target: int) -> None:
    text = shell.stack.pop()
    try:
        open_redirection(shell, descriptor, operator, text)
    except FileProblem as problem:
        shell.say(str(problem))
        del shell.stack[shell.frames[-1][2] :]
        shell.p["status"] = 1
        shell.jump(target)


def _restore(shell: Shell) -> None:
    shell.p["fds"] = shell.frames.pop()[1]


def _end(shell: Shell) -> None:
    """The end of a block: back to the caller, or the end of the process."""
    if not shell.frames:
        if shell.p.get("source") and "exiting" not in shell.p:
            next_command(shell)
        shell.finish(shell.leaving())
    shell.unwind(len(shell.frames) - 1)


def _run(shell: Shell, tail: bool) -> None:
    run(shell, tail and not shell.p.get("source"))


CONTROL: Mapping[str, Callable[..., Any]] = {
    "args": _args,
    "prefix": _prefix,
    "assigning": _assigning,
    "assign": _assign,
    "assigned": _assigned,
    "assign_array": _assign_array,
    "compute": _compute,
    "evaluate": _evaluate,
    "jump": _jump,
    "if_failed": _if_failed,
    "if_ok": _if_ok,
    "not": _not,
    "status": _status,
    "tested": _tested,
    "check": _check,
    "loop": _loop,
    "for": _for,
    "next": _next,
    "round": _round,
    "loop_over": _loop_over,
    "match": _match,
    "drop": _drop,
    "function": _function,
    "redirect": _redirect,
    "open": _open,
    "restore": _restore,
    "end": _end,
    "run": _run,
}
