"""Processes begin, become another program, fork, are signalled and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body
from workloads.images.base import tree
from workloads.runtime import signals
from workloads.runtime.files import normal
from workloads.runtime.machine import PROCESSES, Machine, copy

SHELLS = ("ash", "bash", "dash", "sh")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REMEMBERED = 64  # exit codes that a parent can still ask for
FORGOTTEN = ("stack", "frames", "done", "source", "interactive")  # what a subshell does not have from its parent


@dataclass(frozen=True, slots=True)
class Program:
    kind: str  # "shell", "tool" or "server"
    name: str  # the tool's; a server's behaviour when it is not the image's own
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a program cannot be started: the shell's exit code and words, and runc's."""

    code: int
    words: str
    runc: str


def resolve(machine: Machine, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Program | Refused:
    """The program that a command line means in this container."""
    name = argv[0]
    if "/" in name:
        return _at(machine, normal(name, cwd), argv, env, cwd) or _absent(machine, argv)
    for folder in env.get("PATH", PATH).split(":"):
        found = _at(machine, f"{folder}/{name}", argv, env, cwd) if folder else None
        if isinstance(found, Program):
            return found
    return _absent(machine, argv)


def _at(machine: Machine, path: str, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Program | Refused | None:
    files = machine.files
    path = files.follow(path)
    known = files.tree.programs.get(path)
    if known is not None and path not in files.changes:
        return _known(machine, known, argv, env, cwd)
    if files.program(path):
        return _known(machine, files.program(path), argv, env, cwd)
    text = files.read(path)
    if text is None:
        return _denied(argv) if files.is_folder(path) else None
    if (path in files.changes or files.given_mode(path) is not None) and not files.mode(path) & 0o111:
        return _denied(argv)
    return _script(machine, text, path, argv, env, cwd) if text.startswith("#!") else _denied(argv)


def _script(
    machine: Machine, text: str, path: str, argv: Sequence[str], env: Mapping[str, str], cwd: str
) -> Program | Refused:
    """The interpreter that its first line names, with the file as its argument."""
    words = text.partition("\n")[0][2:].split()
    if words and words[0].endswith("/env"):
        words = words[1:]
    if not words or machine.files.read(words[0]) == text:
        return _denied(argv)
    found = resolve(machine, [*words, path, *argv[1:]], env, cwd)
    return Program("shell", found.name, ("sh", *found.argv[1:])) if (
        isinstance(found, Program) and found.kind == "shell" and found.name != "bash"
    ) else found  # fmt: skip


def _known(machine: Machine, known: str, argv: Sequence[str], env: Mapping[str, str], cwd: str) -> Program | Refused:
    if known == "wrapper":
        return resolve(machine, argv[1:], env, cwd) if len(argv) > 1 else Program("tool", "true", ("true",))
    if known == "server" or known.startswith("server/"):
        return Program("server", known.partition("/")[2], tuple(argv))
    if known in SHELLS:
        return Program("shell", known, tuple(argv))
    return Program("tool", known, tuple(argv))


def _absent(machine: Machine, argv: Sequence[str]) -> Program | Refused:
    if tree(machine.image).anything:
        return Program("server", "", tuple(argv))
    if "/" in argv[0]:
        return Refused(127, "not found", f'exec: "{argv[0]}": stat {argv[0]}: no such file or directory: unknown')
    return Refused(127, "not found", f'exec: "{argv[0]}": executable file not found in $PATH: unknown')


def _denied(argv: Sequence[str]) -> Refused:
    return Refused(126, "Permission denied", f'exec: "{argv[0]}": permission denied: unknown')


def environment(machine: Machine, process: Body) -> Mapping[str, str]:
    """The variables that a program of this process inherits."""
    if process["kind"] == "shell":
        variables = process["vars"]
        return {name: variables[name] for name in process["exported"] if name in variables}
    env: Mapping[str, str] = process["env"] if process["env"] is not None else machine.run["env"]
    return env


def spawn(
    machine: Machine, parent: int, program: Program, env: Mapping[str, str] | None, cwd: str, fds: Mapping[str, str]
) -> str:
    """A new process; it runs when it is its turn. env None: the container's own."""
    pid = machine.number()
    process: Body = {"pid": pid, "parent": parent, "cwd": cwd, "env": env, "fds": dict(fds), "wait": None}
    load(machine, process, program)
    machine.processes[str(pid)] = process
    machine.touched.add(str(pid))
    machine.fuel += 5
    return str(pid)


def has_room(machine: Machine) -> bool:
    return len(machine.processes) < PROCESSES


def load(machine: Machine, process: Body, program: Program) -> None:
    """The process becomes this program, as by exec(2): pid, folder and descriptors stay."""
    process.update(kind=program.kind, argv=list(program.argv), wait=None)
    if program.kind == "tool":
        process.update(tool=program.name, memory={}, done={})
    elif program.kind == "server":
        process.update(up=None, stopping=None, ports=[], behaves=program.name)
    else:
        _load_shell(machine, process, program)


def _load_shell(machine: Machine, process: Body, program: Program) -> None:
    env = machine.run["env"] if process["env"] is None else process["env"]
    process["env"] = {}
    process.update(
        vars=dict(env), exported=sorted(env), functions={}, options="", args=[], texts=[], at=[0, 0, 0], stack=[],
        frames=[], status=0, substatus=0, traps={}, pending=[], jobs=[], done={}, tested=0, last=0, main=process["pid"],
        loading=list(program.argv[1:]), name=program.argv[0],
    )  # fmt: skip


def become(machine: Machine, process: Body, program: Program, env: Mapping[str, str]) -> None:
    """exec(2) of a running process: what belonged to the old program goes."""
    kept = {key: process[key] for key in ("pid", "parent", "cwd", "fds")}
    process.clear()
    process.update(kept, env=env)
    load(machine, process, program)


def fork(machine: Machine, process: Body, block: int, fds: Mapping[str, str]) -> str:
    """A subshell that runs one block of its parent's script."""
    pid = machine.number()
    child = copy({key: value for key, value in process.items() if key not in FORGOTTEN})
    child.update(
        pid=pid, parent=process["pid"], fds=dict(fds), at=[process["at"][0], block, 0], stack=[], frames=[], done={},
        wait=None, pending=[], jobs=[], traps={name: "" for name, body in process["traps"].items() if body == ""},
    )  # fmt: skip
    machine.processes[str(pid)] = child
    machine.touched.add(str(pid))
    machine.fuel += 5
    return str(pid)


def end(machine: Machine, process: Body, code: int, signal: int | None = None) -> None:
    """The process is over. With the container's first process everything is."""
    pid = str(process["pid"])
    machine.processes.pop(pid, None)
    if process["pid"] == 1:
        end_container(machine, code, signal)
        return
    if pid in machine.run["execs"]:
        machine.part("execs")[pid]["code"] = code
    parent = str(process["parent"])
    if parent in machine.processes and "done" in machine.processes[parent]:
        done = machine.process(parent)["done"]
        done[pid] = code
        for old in list(done)[:-REMEMBERED]:
            del done[old]


def end_container(machine: Machine, code: int, signal: int | None, reason: str = "", message: str = "") -> None:
    machine.flush()
    machine.processes = {}
    for pid, execution in machine.run["execs"].items():
        if execution["code"] is None:
            machine.part("execs")[pid]["code"] = 137
    machine.run["exit"] = {
        "code": code,
        "signal": signal,
        "reason": reason or ("Completed" if code == 0 else "Error"),
        "message": message,
        "at": machine.at,
    }


def kill(machine: Machine, pid: str, name: str, from_outside: bool) -> None:
    """One signal to one process. The kernel protects a container's first process from what it has no handler for."""
    process = machine.process(pid)
    number = signals.NUMBERS[name]
    is_first = process["pid"] == 1
    if name == "KILL":
        if from_outside or not is_first:
            end(machine, process, 128 + number, number)
    elif process["kind"] == "shell" and name in process["traps"]:
        if process["traps"][name] and name not in process["pending"]:
            process["pending"].append(name)
    elif process["kind"] == "server" and name in machine.image.stop.signals:
        if process["stopping"] is None:
            process.update(stopping=name, wait=["until", machine.at + machine.image.stop.takes])
    elif not is_first and name not in signals.HARMLESS:
        end(machine, process, 128 + number, number)
