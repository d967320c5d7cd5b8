"""Running one command: a function, a builtin of the shell, or a program."""

from collections.abc import Mapping

from workloads.runtime.errors import FileProblem, Usage
from workloads.runtime.shell.builtins import BUILTINS
from workloads.runtime.shell.interpreter import Shell
from workloads.runtime.shell.launch import launch, where
from workloads.runtime.shell.words import AGAIN, MOVED
from workloads.runtime.tool import Call
from workloads.runtime.tools.inline import INLINE

SPECIAL = (
    ":",
    "break",
    "continue",
    ".",
    "eval",
    "exec",
    "exit",
    "export",
    "readonly",
    "return",
    "set",
    "shift",
    "trap",
    "unset",
)


def run(shell: Shell, tail: bool) -> None:
    """Runs the command on top of the stack. A builtin that must wait is run again when what it waits for has come."""
    record = shell.stack.pop()
    argv, env = record["args"], record["env"]
    if "x" in shell.p["options"] and argv:
        shell.machine.write(shell.p, 2, f"+ {' '.join(argv)}\n")
    if not argv:
        for name, value in env.items():
            shell.set(name, value)
        shell.p["status"] = shell.p["substatus"]
    elif argv[0] in shell.p["functions"] and argv[0] not in SPECIAL:
        _function(shell, argv, env)
    elif argv[0] in ALL or argv[0] in INLINE:
        if _builtin(shell, argv, env) == AGAIN:
            shell.stack.append(record)
            shell.p["at"][2] -= 1
    else:
        launch(shell, argv, env, in_place=tail and not shell.p["traps"])


def _function(shell: Shell, argv: list[str], env: Mapping[str, str]) -> None:
    number, block = shell.p["functions"][argv[0]]
    before = {name: shell.p["vars"].get(name) for name in env}
    shell.call("function", [number, block, 0], argv[1:], before)
    for name, value in env.items():
        shell.set(name, value)


def _builtin(shell: Shell, argv: list[str], env: Mapping[str, str]) -> int:
    """Its exit code, MOVED when it has gone elsewhere in the script, or AGAIN."""
    before = {name: shell.p["vars"].get(name) for name in env}
    for name, value in env.items():
        shell.set(name, value)
    try:
        if argv[0] in ALL:
            status = ALL[argv[0]](shell, argv)
        else:
            status = INLINE[argv[0]](Call(shell.machine, shell.p, argv, {})) or 0
    except Usage as problem:
        shell.say(f"{argv[0]}: {problem}")
        status = 1
    except FileProblem as problem:
        shell.say(f"{argv[0]}: write error: {problem}")
        status = 1
    if argv[0] not in SPECIAL:
        for name, old in before.items():
            if old is None:
                shell.p["vars"].pop(name, None)
            else:
                shell.p["vars"][name] = old
    if status not in (AGAIN, MOVED):
        shell.p["status"] = status
    return status


def type_(shell: Shell, argv: list[str]) -> int:
    status = 0
    for name in argv[1:]:
        meaning = _meaning(shell, name)
        shell.machine.write(shell.p, 1, f"{name}{meaning[1] if meaning else ': not found'}\n")
        status = status if meaning else 127
    return status


def _meaning(shell: Shell, name: str) -> tuple[str, str] | None:
    """How `command -v` and how `type` tell it."""
    if name in shell.p["functions"]:
        return name, " is a function"
    if name in ALL or name in INLINE:
        return name, " is a shell builtin"
    path = where(shell, name)
    return (path, f" is {path}") if path else None


def command(shell: Shell, argv: list[str]) -> int:
    if argv[1:2] in (["-v"], ["-V"]):
        meaning = _meaning(shell, argv[2]) if len(argv) > 2 else None
        if meaning:
            shell.machine.write(shell.p, 1, (meaning[0] if argv[1] == "-v" else argv[2] + meaning[1]) + "\n")
        return 0 if meaning else 127
    if len(argv) == 1:
        return 0
    if argv[1] in ALL:
        return ALL[argv[1]](shell, argv[1:])
    launch(shell, argv[1:], {}, in_place=False)
    return MOVED


ALL = {**BUILTINS, "command": command, "type": type_}
