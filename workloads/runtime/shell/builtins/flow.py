"""Builtins that go elsewhere: break, continue, return, exit, eval, exec, and `.`."""

from typing import NoReturn

from workloads.runtime.errors import Exited
from workloads.runtime.numbers import whole
from workloads.runtime.process import Refused, become, environment, resolve
from workloads.runtime.shell.interpreter import Shell
from workloads.runtime.shell.words import MOVED


def break_(shell: Shell, argv: list[str]) -> int:
    return _leave(shell, argv, again=False)


def continue_(shell: Shell, argv: list[str]) -> int:
    return _leave(shell, argv, again=True)


def _leave(shell: Shell, argv: list[str], again: bool) -> int:
    """To the end, or back to the head, of the n-th loop around."""
    wanted = max(whole(argv[1]) or 1, 1) if len(argv) > 1 else 1
    loops = []
    for at in range(len(shell.frames) - 1, -1, -1):
        if shell.frames[at][0] == "call":
            break
        if shell.frames[at][0] == "loop":
            loops.append(at)
    if not loops:
        return 0
    at = loops[min(wanted, len(loops)) - 1]
    shell.unwind(at + 1)
    _, leave, head, depth, shell.p["tested"], _, _ = shell.frames[-1]
    del shell.stack[depth:]
    if not again:
        shell.frames.pop()
    shell.jump(head if again else leave)
    shell.p["status"] = 0
    return MOVED


def _code(shell: Shell, argv: list[str]) -> int:
    if len(argv) < 2:
        return shell.leaving()
    code = whole(argv[1])
    if code is None:
        shell.die(f"{argv[0]}: Illegal number: {argv[1]}")
    return code & 255


def return_(shell: Shell, argv: list[str]) -> int:
    code = _code(shell, argv)
    for at in range(len(shell.frames) - 1, -1, -1):
        if shell.frames[at][0] == "call":
            shell.unwind(at)
            shell.p["status"] = code
            return MOVED
    return exit_(shell, argv)


def exit_(shell: Shell, argv: list[str]) -> NoReturn:
    shell.finish(_code(shell, argv))


def eval_(shell: Shell, argv: list[str]) -> int:
    text = " ".join(argv[1:])
    if not text.strip():
        return 0
    shell.call("eval", [shell.text_at(text), 0, 0], None, {})
    return MOVED


def source(shell: Shell, argv: list[str]) -> int:
    name = argv[1] if len(argv) > 1 else ""
    text = shell.machine.files.read(shell.path(name)) if name else None
    if text is None:
        shell.die(f"{argv[0]}: can't open '{name}': No such file or directory", 2)
    shell.call("source", [shell.text_at(text or ""), 0, 0], argv[2:] or None, {})
    return MOVED


def exec_(shell: Shell, argv: list[str]) -> int:
    """Without a command its redirections stay; with one the shell becomes that program."""
    if len(argv) == 1:
        if shell.frames and shell.frames[-1][0] == "redirect":
            shell.frames[-1][1] = dict(shell.p["fds"])
        return 0
    env = environment(shell.machine, shell.p)
    found = resolve(shell.machine, argv[1:], env, shell.p["cwd"])
    if isinstance(found, Refused):
        shell.die(f"exec: {argv[1]}: {found.words}", found.code)
    become(shell.machine, shell.p, found, env)
    raise Exited
