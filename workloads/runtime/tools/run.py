"""Tools about processes and other commands: env, printenv, kill, time, timeout, xargs."""

from clusters.reconcile.clock import SECOND
from workloads.runtime import signals
from workloads.runtime.errors import Exited
from workloads.runtime.numbers import decimal
from workloads.runtime.process import kill as deliver
from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.simple import UNITS


def env(call: Call) -> int | None:
    words, variables = list(call.args), dict(call.env)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-i", "-"):
            variables = {}
        elif word == "-u" and words:
            variables.pop(words.pop(0), None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if words:
        return call.become(words, variables)
    call.out("".join(f"{name}={value}\n" for name, value in variables.items()))
    return 0


def printenv(call: Call) -> int:
    if not call.args:
        call.out("".join(f"{name}={value}\n" for name, value in call.env.items()))
        return 0
    found = [call.env[name] for name in call.args if name in call.env]
    call.out("".join(value + "\n" for value in found))
    return 0 if len(found) == len(call.args) else 1


def kill(call: Call) -> int:
    words, name = list(call.args), "TERM"
    if words and words[0].startswith("-") and len(words) > 1:
        word = words.pop(0)
        found = signals.parse(words.pop(0) if word == "-s" else word)
        if found is None and word != "-0":
            return call.usage(f"invalid signal '{word}'")
        name = found or ""
    for pid in words:
        if pid not in call.machine.processes:
            if call.machine.signal_neighbour(pid, name):
                continue
            call.complain(f"can't kill pid {pid}: No such process")
            call.failed = True
        elif name:
            deliver(call.machine, pid, name, from_outside=False)
    if str(call.process["pid"]) not in call.machine.processes:
        raise Exited
    return int(call.failed)


def timeout(call: Call) -> int | None:
    options, words = flags(call.args, takes="sk")
    if "child" not in call.memory:
        return _start(call, words)
    child = call.memory["child"]
    done = call.process["done"]
    if child in done:
        code: int = done[child]
        return 124 if call.memory.get("late") else code
    call.memory["late"] = True
    deliver(call.machine, child, signals.parse(options.get("s", "TERM")) or "TERM", from_outside=False)
    call.process["wait"] = ["children", [child]]
    return None


def time(call: Call) -> int | None:
    """How long a command takes, as BusyBox tells it."""
    child = call.memory.get("child")
    if child is None:
        words = [word for word in call.args if word != "-p"]
        begun = call.start(words) if words else call.usage("usage: time [-p] PROG ARGS")
        if isinstance(begun, int):
            return begun
        call.memory.update(child=begun, began=call.now)
        call.process["wait"] = ["children", [begun]]
        return None
    took = (call.now - call.memory["began"]) / SECOND
    minutes, seconds = divmod(took, 60)
    call.machine.write(call.process, 2, f"real\t{int(minutes)}m {seconds:.2f}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n")
    return int(call.process["done"][child])


def _start(call: Call, words: list[str]) -> int | None:
    if len(words) < 2:
        return call.usage("usage: timeout [-s SIG] SECS PROG ARGS")
    unit = words[0][-1:] if words[0][-1:] in UNITS else ""
    seconds = decimal(words[0].removesuffix(unit))
    if seconds is None:
        return call.usage(f"invalid number '{words[0]}'")
    child = call.start(words[1:])
    if isinstance(child, int):
        return child
    call.memory["child"] = child
    call.process["wait"] = ["either", [child], call.now + round(seconds * UNITS[unit] * SECOND)]
    return None


def xargs(call: Call) -> int | None:
    options, command = flags(call.args, takes="nI")
    held = call.memory.setdefault("words", [])
    if not call.memory.get("read"):
        for _, line in call.lines([]):
            held.extend([line.rstrip("\n")] if "I" in options else line.split())
        if call.is_blocked:
            return None
        call.memory["read"] = True
    child = call.memory.pop("child", None)
    if child is not None:
        call.memory["code"] = call.memory.get("code", 0) or (123 if call.process["done"].pop(child, 0) else 0)
    if not held:
        return int(call.memory.get("code", 0))
    return _next(call, options, command or ["echo"], held)


def _next(call: Call, options: dict[str, str], command: list[str], held: list[str]) -> int | None:
    most = 1 if "I" in options else max(call.number(options.get("n") or "1000"), 1)
    batch = held[:most]
    del held[:most]
    mark = options.get("I")
    argv = [word.replace(mark, batch[0]) for word in command] if mark else [*command, *batch]
    child = call.start(argv)
    if isinstance(child, int):
        return child
    call.memory["child"] = child
    call.process["wait"] = ["children", [child]]
    return None
