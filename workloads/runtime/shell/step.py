"""One turn of a shell process: its instructions, until it waits, ends, or has spent the turn's fuel."""

from clusters.kinds.body import Body
from workloads.runtime.machine import Machine
from workloads.runtime.shell.compile import program
from workloads.runtime.shell.control import CONTROL
from workloads.runtime.shell.expanding import EXPANDING, append
from workloads.runtime.shell.forking import FORKING
from workloads.runtime.shell.interpreter import LONGEST, Shell
from workloads.runtime.shell.load import load_script
from workloads.runtime.shell.scanner import SyntaxProblem

INSTRUCTIONS = {**EXPANDING, **FORKING, **CONTROL}


def step(machine: Machine, process: Body, fuel: int) -> None:
    shell = Shell(machine, process)
    if process["loading"] is not None and not load_script(shell):
        return
    if process["wait"] is not None and not _resume(shell):
        return
    name, dialect = process["argv"][0], shell.dialect
    while process["wait"] is None and machine.fuel < fuel:
        if process["pending"]:
            _trap(shell)
        if process["argv"][0] is not name:  # exec has put another shell in its place
            name, dialect = process["argv"][0], shell.dialect
        number, block, pc = process["at"]
        try:
            instruction = program(process["texts"][number], dialect).blocks[block][pc]
        except SyntaxProblem as problem:
            shell.die(f"syntax error: {problem}")
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
    append(shell, so_far.rstrip("\n"), quoted)
    return True
