"""One turn of a shell process: its instructions, until it waits, ends, or has spent the turn's fuel."""

from collections.abc import Callable, Mapping
from typing import Any

from clusters.kinds.body import Body
from workloads.runtime.errors import FileProblem
from workloads.runtime.machine import Machine
from workloads.runtime.process import fork, has_room
from workloads.runtime.shell import arithmetic, expand
from workloads.runtime.shell.command import run
from workloads.runtime.shell.compile import program
from workloads.runtime.shell.interpreter import LONGEST, Shell
from workloads.runtime.shell.load import load_script
from workloads.runtime.shell.pattern import matches, plain, trim
from workloads.runtime.shell.redirect import open_redirection
from workloads.runtime.shell.scanner import SyntaxProblem

SEPARATORS = " \t\n"


def step(machine: Machine, process: Body, fuel: int) -> None:
    shell = Shell(machine, process)
    if process["loading"] is not None and not load_script(shell):
        return None
    if process["wait"] is not None and not _resume(shell):
        return None
    while process["wait"] is None and machine.fuel < fuel:
        if process["pending"]:
            _trap(shell)
        number, block, pc = process["at"]
        try:
            instruction = program(process["texts"][number]).blocks[block][pc]
        except SyntaxProblem as problem:
            return shell.die(f"syntax error: {problem}")
        process["at"][2] = pc + 1
        machine.fuel += 1
        INSTRUCTIONS[instruction[0]](shell, *instruction[1:])


def _trap(shell: Shell) -> None:
    body = shell.p["traps"].get(shell.p["pending"].pop(0))
    if body:
        shell.call("trap", [shell.text_at(body), 0, 0], None, {})


def _resume(shell: Shell) -> bool:
    """What it waited for has come: takes the result. False: it goes on waiting."""
    p = shell.p
    wait = p["wait"]
    if wait[0] == "children":
        codes = [p["done"].pop(pid, 127) for pid in wait[1]]
        failed = [code for code in codes if code] if "P" in p["options"] else []
        p["status"] = failed[-1] if failed else codes[-1]
    elif wait[0] == "capture":
        return _captured(shell, *wait[1:])
    p["wait"] = None
    return True


def _captured(shell: Shell, pid: str, pipe: str, quoted: bool, so_far: str) -> bool:
    text = shell.machine.run["pipes"].get(pipe, "")
    if text:
        shell.machine.part("pipes")[pipe] = ""
    so_far += text
    if len(so_far) > LONGEST:
        shell.die("out of memory")
    if pid not in shell.p["done"]:
        shell.p["wait"][4] = so_far
        return False
    shell.p["status"] = shell.p["substatus"] = shell.p["done"].pop(pid)
    shell.p["wait"] = None
    _append(shell, so_far.rstrip("\n"), quoted)
    return True


def _append(shell: Shell, text: str, quoted: bool) -> None:
    shell.stack[-1].append([text, expand.QUOTED if quoted else expand.EXPANDED])


def _word(shell: Shell) -> None:
    shell.stack.append([])


def _lit(shell: Shell, text: str, quoted: bool) -> None:
    shell.stack[-1].append([text, expand.QUOTED if quoted else expand.LITERAL])


def _home(shell: Shell, rest: str, quoted: bool) -> None:
    shell.stack[-1].append([(shell.get("HOME") or "/root") + rest, expand.QUOTED])


def _var(shell: Shell, name: str, operator: str, quoted: bool) -> None:
    if operator == "length":
        value = shell.get(name) or ""
        return _append(shell, str(len(shell.p["args"]) if name in ("@", "*") else len(value)), quoted)
    if name == "@" or (name == "*" and not quoted):
        for at, arg in enumerate(shell.p["args"]):
            if at:
                shell.stack[-1].append(list(expand.BREAK))
            _append(shell, arg, quoted)
        return None
    value = shell.get(name)
    if value is None and "u" in shell.p["options"] and name not in ("@", "*", "!"):
        shell.die(f"{name}: parameter not set")
    return _append(shell, value or "", quoted)


def _default(shell: Shell, name: str, operator: str, quoted: bool, target: int) -> None:
    value = shell.get(name)
    is_there = bool(value) if operator[0] == ":" else value is not None
    if operator[-1] == "+":
        if not is_there:
            shell.jump(target)
    elif is_there:
        _append(shell, value or "", quoted)
        shell.jump(target)


def _assign_default(shell: Shell, name: str, quoted: bool) -> None:
    value = shell.stack.pop()
    shell.set(name, value)
    _append(shell, value, quoted)


def _refuse(shell: Shell, name: str, quoted: bool) -> None:
    shell.die(f"{name}: {shell.stack.pop() or 'parameter not set'}")


def _trim(shell: Shell, name: str, operator: str, quoted: bool) -> None:
    wanted = shell.stack.pop()
    value = shell.get(name) or ""
    shell.machine.fuel += len(value) >> 4
    if operator[0] == "/":
        old, _, new = wanted.partition("/")
        count = 1 if operator == "/" else -1
        _append(shell, value.replace(plain(old), plain(new), count) if old else value, quoted)
    else:
        _append(shell, trim(value[:4096], wanted, operator) if len(value) <= 4096 else value, quoted)


def _math(shell: Shell, quoted: bool) -> None:
    try:
        _append_math(shell, arithmetic.evaluate(shell.stack.pop(), Variables(shell)), quoted)
    except arithmetic.Wrong as problem:
        shell.die(str(problem))


def _append_math(shell: Shell, value: int, quoted: bool) -> None:
    _append(shell, str(value), quoted)


class Variables(dict[str, str]):
    """The shell's variables as arithmetic sees and sets them."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell = shell

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        return self.shell.get(name) or default

    def __setitem__(self, name: str, value: str) -> None:
        self.shell.set(name, value)


def _text(shell: Shell) -> None:
    shell.stack.append(_checked(shell, expand.text(shell.stack.pop())))


def _pattern(shell: Shell) -> None:
    shell.stack.append(_checked(shell, expand.pattern(shell.stack.pop())))


def _checked(shell: Shell, text: str) -> str:
    if len(text) > LONGEST:
        shell.die("out of memory")
    return text


def _args(shell: Shell) -> None:
    shell.p["substatus"] = 0
    shell.stack.append({"args": [], "env": {}})


def _arg(shell: Shell) -> None:
    separators = shell.p["vars"].get("IFS", SEPARATORS)
    pieces = shell.stack.pop()
    found = shell.stack[-1]["args"]
    found.extend(expand.fields(pieces, separators, shell.machine.files, shell.p["cwd"]))
    shell.machine.fuel += len(found) >> 6
    if len(found) > 10_000:
        shell.die("argument list too long")


def _whole(shell: Shell) -> None:
    text = shell.stack.pop()
    shell.stack[-1]["args"].append(text)


def _prefix(shell: Shell, name: str) -> None:
    text = shell.stack.pop()
    shell.stack[-1]["env"][name] = text


def _assigning(shell: Shell) -> None:
    shell.p["substatus"] = 0


def _assign(shell: Shell, name: str) -> None:
    shell.set(name, shell.stack.pop())


def _assigned(shell: Shell) -> None:
    shell.p["status"] = shell.p["substatus"]


def _capture(shell: Shell, block: int, quoted: bool) -> None:
    if not _may_fork(shell):
        return
    pipe = shell.machine.new_pipe()
    pid = fork(shell.machine, shell.p, block, {**shell.p["fds"], "1": f"w:{pipe}"})
    shell.p["wait"] = ["capture", pid, pipe, quoted, ""]


def _may_fork(shell: Shell) -> bool:
    if not has_room(shell.machine):
        shell.die("can't fork: Resource temporarily unavailable")
    return True


def _subshell(shell: Shell, block: int) -> None:
    if _may_fork(shell):
        shell.p["wait"] = ["children", [fork(shell.machine, shell.p, block, shell.p["fds"])]]


def _background(shell: Shell, block: int) -> None:
    if _may_fork(shell):
        pid = fork(shell.machine, shell.p, block, {**shell.p["fds"], "0": "null"})
        shell.p["jobs"].append(pid)
        shell.p.update(last=int(pid), status=0)


def _pipeline(shell: Shell, blocks: tuple[int, ...]) -> None:
    pids: list[str] = []
    source = shell.p["fds"].get("0", "null")
    for at, block in enumerate(blocks):
        _may_fork(shell)
        fds = {**shell.p["fds"], "0": source}
        if at < len(blocks) - 1:
            pipe = shell.machine.new_pipe()
            fds["1"], source = f"w:{pipe}", f"r:{pipe}"
        pids.append(fork(shell.machine, shell.p, block, fds))
    shell.p["wait"] = ["children", pids]


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
        shell.finish(shell.p.get("exiting", shell.p["status"]))
    shell.unwind(len(shell.frames) - 1)


def _run(shell: Shell, tail: bool) -> None:
    run(shell, tail)


INSTRUCTIONS: Mapping[str, Callable[..., Any]] = {
    "word": _word, "lit": _lit, "home": _home, "var": _var, "default": _default, "assign_default": _assign_default,
    "refuse": _refuse, "trim": _trim, "math": _math, "text": _text, "pattern": _pattern, "args": _args, "arg": _arg,
    "whole": _whole, "prefix": _prefix, "assigning": _assigning, "assign": _assign, "assigned": _assigned,
    "capture": _capture, "subshell": _subshell, "background": _background, "pipeline": _pipeline, "jump": _jump,
    "if_failed": _if_failed, "if_ok": _if_ok, "not": _not, "status": _status, "tested": _tested, "check": _check,
    "loop": _loop, "for": _for, "next": _next, "loop_over": _loop_over, "round": _round, "match": _match, "drop": _drop,
    "function": _function, "redirect": _redirect, "open": _open, "restore": _restore, "end": _end, "run": _run,
}  # fmt: skip
