"""Whose turn it is: a container's processes take turns, in cluster time, within its allowance of fuel."""

from contextlib import suppress

from clusters.kinds.body import Body
from clusters.reconcile.clock import Time
from workloads.runtime import server
from workloads.runtime.errors import BrokenPipe, Exited, FileProblem, Usage
from workloads.runtime.machine import WINDOW, Machine
from workloads.runtime.process import end, end_container
from workloads.runtime.shell.step import step as step_shell
from workloads.runtime.tool import Call
from workloads.runtime.tools.table import TOOLS

TURN = 100  # fuel that one process may spend before the next one's turn


def next_turn(machine: Machine) -> tuple[Time, str] | None:
    """When something happens next by itself, and to which process; the order does not depend on where calls end."""
    best: tuple[Time, bool, int] | None = None
    turn = machine.run["turn"]
    for process in machine.processes.values():
        when = wakes(machine, process)
        if when is not None:
            candidate = (max(when, machine.at), process["pid"] <= turn, process["pid"])
            best = candidate if best is None or candidate < best else best
    if best is None:
        return None
    window, spent = machine.run["window"]
    when = best[0]
    allowance = machine.run["allowance"]
    if spent >= allowance:
        when = max(when, (window + spent // allowance) * WINDOW)
    return when, str(best[2])


def frozen(machine: Machine) -> Body:
    """The run as it stands now, with the time at which it wants to go on."""
    turn = next_turn(machine)
    run = machine.freeze()
    run["due"] = turn[0] if turn else None
    return run


def wakes(machine: Machine, process: Body) -> Time | None:
    """When a process can go on; None: not by itself."""
    wait = process["wait"]
    if machine.is_stuck(process):
        return None
    if wait is None:
        return machine.at
    if process["kind"] == "server" and process["stopping"] is None and process["up"] is not None:
        return None
    kind = wait[0]
    if kind == "until":
        return int(wait[1])
    if kind == "children":
        return machine.at if all(pid in process["done"] for pid in wait[1]) else None
    if kind == "either":
        return machine.at if wait[1][0] in process["done"] else int(wait[2])
    if kind == "capture":
        return machine.at if wait[1] in process["done"] or machine.run["pipes"].get(wait[2]) else None
    if kind == "job":
        return machine.at if process["pending"] or all(pid in process["done"] for pid in wait[1]) else None
    if kind == "input":
        return machine.at if machine.readable(process, wait[1]) else None
    if kind == "connection":
        return machine.at if process.get("state") or machine.run["pipes"].get(process["fds"].get("0", "")[2:]) else None
    if kind == "change":
        lengths = ((len(machine.files.read(path) or ""), length) for path, length in wait[1].items())
        return machine.at if any(now != before for now, before in lengths) else None
    return None


def take(machine: Machine, when: Time, pid: str) -> int:
    """One turn. Gives the fuel that it cost."""
    machine.at, machine.fuel = when, 1  # a turn is never free, so no call goes on for ever
    machine.run["turn"] = int(pid)
    process = machine.process(pid)
    try:
        _step(machine, process)
    except BrokenPipe:
        end(machine, process, 141, 13)
    except Exited:
        pass
    limit = machine.run["limit"]
    if limit is not None and machine.processes and machine.resident() > limit:
        end_container(machine, 137, 9, "OOMKilled")
    _account(machine, when)
    return machine.fuel


def _step(machine: Machine, process: Body) -> None:
    if process["kind"] == "shell":
        if process["wait"] and process["wait"][0] in ("job", "input"):
            process["wait"] = None
        step_shell(machine, process, TURN)
    elif process["kind"] == "server":
        server.step(machine, process)
    else:
        _step_tool(machine, process)


def _step_tool(machine: Machine, process: Body) -> None:
    machine.fuel += 2
    process["wait"] = None
    call = Call(machine, process, [process["tool"], *process["argv"][1:]], process["memory"])
    try:
        code = TOOLS[process["tool"]](call)
    except Usage as problem:
        call.complain(str(problem))
        code = 1
    except FileProblem as problem:
        with suppress(FileProblem):  # stderr is closed or full as well
            call.complain(f"write error: {problem}")
        code = 1
    if code is not None:
        end(machine, process, code)


def _account(machine: Machine, when: Time) -> None:
    window, spent = machine.run["window"]
    now = when // WINDOW
    machine.run["window"] = [now, (spent if now == window else 0) + machine.fuel]
    machine.charge(machine.fuel)
