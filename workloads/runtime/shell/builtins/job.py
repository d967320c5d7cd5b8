"""Builtins about other processes: wait, kill, trap, jobs."""

from workloads.runtime import signals
from workloads.runtime.errors import Exited
from workloads.runtime.process import kill as deliver
from workloads.runtime.shell.interpreter import Shell
from workloads.runtime.shell.words import AGAIN


def wait(shell: Shell, argv: list[str]) -> int:
    """For these children, or all; a signal that is trapped interrupts it."""
    p = shell.p
    if p["pending"]:
        return 128 + signals.NUMBERS.get(p["pending"][0], 0)
    pids = [pid for pid in argv[1:] if pid.isdigit()] or list(p["jobs"])
    missing = [pid for pid in pids if pid in p["jobs"] and pid not in p["done"]]
    if missing:
        p["wait"] = ["job", missing]
        return AGAIN
    codes = [p["done"].pop(pid, 127) for pid in pids]
    p["jobs"] = [pid for pid in p["jobs"] if pid not in pids]
    return codes[-1] if len(argv) > 1 and codes else 0


def jobs(shell: Shell, argv: list[str]) -> int:
    running = [pid for pid in shell.p["jobs"] if pid in shell.machine.processes]
    lines = [f"[{at}]{'+' if at == len(running) else '-'}  Running\n" for at, _ in enumerate(running, 1)]
    shell.machine.write(shell.p, 1, "".join(lines))
    return 0


def kill(shell: Shell, argv: list[str]) -> int:
    words, name = argv[1:], "TERM"
    if words[:1] == ["-l"]:
        shell.machine.write(shell.p, 1, " ".join(signals.NUMBERS) + "\n")
        return 0
    if words and words[0].startswith("-") and len(words) > 1:
        word = words.pop(0)
        found = signals.parse(words.pop(0) if word == "-s" else word)
        if found is None and word != "-0":
            shell.say(f"kill: invalid signal '{word}'")
            return 1
        name = found or "0"
    status = 0
    for pid in words:
        status = max(status, _one(shell, pid, name))
    return status


def _one(shell: Shell, pid: str, name: str) -> int:
    if pid not in shell.machine.processes:
        if shell.machine.signal_neighbour(pid, name if name != "0" else ""):
            return 0
        shell.say(f"kill: can't kill pid {pid}: No such process")
        return 1
    if name != "0":
        deliver(shell.machine, pid, name, from_outside=False)
        if str(shell.p["pid"]) not in shell.machine.processes:
            raise Exited
    return 0


def trap(shell: Shell, argv: list[str]) -> int:
    if len(argv) == 1:
        lines = [f"trap -- '{body}' {name}\n" for name, body in shell.p["traps"].items()]
        shell.machine.write(shell.p, 1, "".join(lines))
        return 0
    words = argv[1:]
    if words[0] == "--":
        words = words[1:]
    body = words.pop(0) if len(words) > 1 else "-"
    for word in words:
        name = "EXIT" if word in ("EXIT", "0") else signals.parse(word)
        if name is None:
            shell.say(f"trap: {word}: invalid signal specification")
            return 1
        if body == "-":
            shell.p["traps"].pop(name, None)
        else:
            shell.p["traps"][name] = body
    return 0
