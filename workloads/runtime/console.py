"""How somebody outside holds on to a process: its input, its output, its terminal (CRI: Exec, Attach).

`key` is the pid of an execution, or 1 for the container's own first process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import Time
from workloads.runtime import terminal
from workloads.runtime.machine import PIPE_HOLDS, Machine, size
from workloads.runtime.process import Refused, kill, resolve, spawn
from workloads.runtime.shell.interpreter import Shell
from workloads.runtime.turn import frozen

EXEC = "OCI runtime exec failed: exec failed: unable to start container process: "
Records = list[tuple[int, str]]


def descriptors(machine: Machine, spec: Body) -> dict[str, str]:
    """Those of a container's first process, as its spec wants `stdin` and `tty`."""
    if spec.get("tty"):
        machine.part("ttys")["1"] = terminal.new()
        return dict.fromkeys("012", "tty:1")
    stdin = f"r:{_pipe(machine, '1')}" if spec.get("stdin") else "null"
    return {"0": stdin, "1": "log:stdout", "2": "log:stderr"}


def begin(run: Body, argv: Sequence[str], now: Time, *, stdin: bool, tty: bool) -> tuple[Body, int]:
    """One more process inside, and its pid. Nothing of its output is lost: while nobody takes it, it stands still."""
    machine = _at(run, now)
    first = machine.processes["1"]
    env = {**run["env"], "TERM": "xterm"} if tty else run["env"]
    found = resolve(machine, argv, env, first["cwd"])
    pid = machine.run["next"]
    execution: Body = {"code": None, "output": [], "error": "", "session": True}
    machine.part("execs")[str(pid)] = execution
    if isinstance(found, Refused):
        machine.run["next"] += 1
        execution.update(code=found.code, error=EXEC + found.runc)
        return frozen(machine), pid
    fds = {"0": "null", "1": f"exec:{pid}:1", "2": f"exec:{pid}:2"}
    if tty:
        machine.part("ttys")[str(pid)] = terminal.new()
        fds = dict.fromkeys("012", f"tty:{pid}")
    spawn(machine, 0, found, env, first["cwd"], fds)
    if stdin and not tty:
        machine.process(str(pid))["fds"]["0"] = f"r:{_pipe(machine, str(pid))}"
    return frozen(machine), pid


def tap(run: Body, name: str) -> Body:
    """From now on what the container writes is kept under this name too, for somebody attached."""
    return {**run, "taps": {**run.get("taps", {}), name: []}}


def untap(run: Body, name: str) -> Body:
    return {**run, "taps": {held: records for held, records in run.get("taps", {}).items() if held != name}}


def give(run: Body, key: int, text: str, now: Time) -> Body:
    """Input from outside: keys where it has a terminal, else more of its stdin."""
    machine = _at(run, now)
    place = str(key)
    if place in machine.run.get("ttys", ()):
        _type(machine, place, text)
    elif (pipe := _stdin(machine, place)) is not None:
        machine.part("pipes")[pipe] = machine.run["pipes"].get(pipe, "") + text
    return frozen(machine)


def end_input(run: Body, key: int, now: Time) -> Body:
    """Nothing more comes: what waits is read, then the end."""
    machine = _at(run, now)
    place = str(key)
    if place in machine.run.get("ttys", ()):
        machine.part("ttys")[place]["ready"].append("")
    elif (pipe := _stdin(machine, place)) is not None:
        machine.run["outside"] = [end for end in machine.run["outside"] if end != f"w:{pipe}"]
    return frozen(machine)


def resize(run: Body, key: int, rows: int, columns: int, now: Time) -> Body:
    """The window has another size: who runs in it is told by a signal."""
    machine = _at(run, now)
    if str(key) in machine.run.get("ttys", ()):
        machine.part("ttys")[str(key)].update(rows=rows, columns=columns)
        for pid in _in_front(machine, str(key)):
            kill(machine, pid, "WINCH", from_outside=False)
    return frozen(machine)


def fresh_allowance(run: Body) -> Body:
    """CPU for what is asked of it while the clock stands still and no new window begins."""
    return frozen(Machine({**run, "window": [run["window"][0], 0]}))


def taken(run: Body, pid: int, most: int) -> tuple[Body, Records]:
    """What an execution has written, about so much of it, and the run without that."""
    records = run["execs"][str(pid)]["output"]
    now, later = _split(records, most)
    if not now:
        return run, []
    machine = Machine(run)
    machine.part("execs")[str(pid)]["output"] = later
    return frozen(machine), now


def tapped(run: Body, name: str, most: int) -> tuple[Body, Records]:
    """The same of a tap. A record of stream 0 says that from here on something is missing."""
    now, later = _split(run["taps"][name], most)
    return ({**run, "taps": {**run["taps"], name: later}}, now) if now else (run, [])


def unread(run: Body, key: int) -> int:
    """How many characters of its input nobody has read yet."""
    place = str(key)
    if place in run.get("ttys", ()):
        return sum(len(line) for line in run["ttys"][place]["ready"])
    machine = Machine(run)
    pipe = _stdin(machine, place)
    return len(run["pipes"].get(pipe, "")) if pipe is not None else 0


def _at(run: Body, now: Time) -> Machine:
    return Machine({**run, "at": max(run["at"], now)})


def _pipe(machine: Machine, key: str) -> str:
    pipe = f"stdin-{key}"  # numbers are for processes: the first one's is 1
    machine.part("pipes")[pipe] = ""
    machine.run["stdins"] = {**machine.run.get("stdins", {}), key: pipe}
    machine.run["outside"] = [*machine.run.get("outside", ()), f"w:{pipe}"]
    return pipe


def _stdin(machine: Machine, pid: str) -> str | None:
    """The pipe from outside to this process, while anybody reads it."""
    pipe: str | None = machine.run.get("stdins", {}).get(pid)
    return pipe if pipe is not None and f"w:{pipe}" in machine.run.get("outside", ()) else None


def _type(machine: Machine, key: str, keys: str) -> None:
    typed = terminal.typed(machine.run["ttys"][key], keys)
    machine.part("ttys")[key] = typed.terminal
    if typed.echo:
        machine.display(key, typed.echo)
    for name in typed.signals:
        for pid in _in_front(machine, key):
            process = machine.process(pid)
            if process.get("interactive"):
                Shell(machine, process).interrupt()
            else:
                kill(machine, pid, name, from_outside=False)


def _in_front(machine: Machine, key: str) -> list[str]:
    """Who gets the terminal's signals: all that hold it, but for what a shell runs in its background."""
    found = [pid for pid, process in machine.processes.items() if f"tty:{key}" in process["fds"].values()]
    shells = [machine.processes[pid] for pid in found if machine.processes[pid].get("interactive")]
    behind = [child for shell in shells for job in shell["jobs"] for child in (job, *_below(machine, int(job)))]
    return [pid for pid in found if pid not in behind]


def _below(machine: Machine, pid: int) -> Iterator[str]:
    for key, process in machine.processes.items():
        if process["parent"] == pid:
            yield key
            yield from _below(machine, process["pid"])


def _split(records: Sequence[Any], most: int) -> tuple[Records, list[Any]]:
    """The first of these with about so many characters in all, and the rest."""
    if size(list(records)) <= most:
        return [(stream, text) for stream, text in records], []
    now: Records = []
    later = [list(record) for record in records]
    while later and most > 0:
        stream, text = later.pop(0)
        now.append((stream, text[:most]))
        if len(text) > most:
            later.insert(0, [stream, text[most:]])
        most -= len(text)
    return now, later


__all__ = [
    "PIPE_HOLDS",
    "begin",
    "descriptors",
    "end_input",
    "fresh_allowance",
    "give",
    "resize",
    "taken",
    "tap",
    "tapped",
    "unread",
    "untap",
]
