"""Tools that run another command: nohup, watch, su, sudo, nice, setsid, stdbuf, tini; pkill and killall."""

from clusters.reconcile.clock import SECOND
from workloads.runtime import signals
from workloads.runtime.errors import Exited
from workloads.runtime.numbers import decimal
from workloads.runtime.process import kill as deliver
from workloads.runtime.server import date_of
from workloads.runtime.tool import Call
from workloads.runtime.tools.options import read
from workloads.runtime.tools.system import named


def nohup(call: Call) -> int | None:
    if not call.args:
        return call.usage("usage: nohup PROG ARGS")
    return call.become(call.args, call.env)


def wrapper(call: Call) -> int | None:
    """nice, ionice, setsid, stdbuf, tini, dumb-init, catatonit: their options, then a command in their own place."""
    words = list(call.args)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-n", "-c", "-p") and words:
            words.pop(0)
        if word == "--":
            break
    return call.become(words, call.env) if words else 0


def su(call: Call) -> int | None:
    options, words = read(call, {"command": "c", "shell": "s", "login": "l"}, "cs")
    user = next((word for word in words if word != "-"), "root")
    known = [line.split(":")[0] for line in (call.files.read("/etc/passwd") or "").splitlines()]
    if user not in known:
        return call.usage(f"user {user} does not exist or the user entry does not contain all the required fields")
    if call.machine.run["user"]["uid"] != 0:
        return call.usage("must be suid to work properly")
    argv = ["sh", "-c", options.last("c")] if "c" in options else ["sh"]
    return call.become(argv, call.env)


def sudo(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-")]
    if call.machine.run["user"]["uid"] != 0:
        call.machine.write(call.process, 2, "sudo: a password is required\n")
        return 1
    return call.become(words, call.env) if words else call.usage("usage: sudo COMMAND")


def watch(call: Call) -> int | None:
    """The command again and again, every two seconds, for ever."""
    options, words = read(call, {"interval": "n", "no-title": "t", "differences": "d"}, "n")
    seconds = decimal(options.last("n", "2")) or 2.0
    child = call.memory.get("child")
    if child is not None and child in call.process["done"]:
        call.process["done"].pop(child)
        call.memory.update(child=None, next=call.now + round(max(seconds, 0.1) * SECOND))
        child = None
    if child is not None:
        call.process["wait"] = ["children", [child]]
        return None
    if call.now < call.memory.get("next", 0):
        call.sleep(call.memory["next"])
        return None
    if "t" not in options:
        title = f"Every {seconds:.1f}s: {' '.join(words)}"
        call.out(f"\x1b[H\x1b[J{title:50} {date_of(call.now):%Y-%m-%d %H:%M:%S}\n\n")
    started = call.start(["sh", "-c", " ".join(words)])
    if isinstance(started, int):
        return started
    call.memory["child"] = started
    call.process["wait"] = ["children", [started]]
    return None


def stop_named(call: Call) -> int:
    """pkill and killall."""
    signal, pids, word = named(call)
    name = signals.parse(signal)
    if name is None:
        return call.usage(f"invalid signal '{signal}'")
    for pid in pids:
        if pid in call.machine.processes:
            deliver(call.machine, pid, name, from_outside=False)
        else:
            call.machine.signal_neighbour(pid, name)
    if str(call.process["pid"]) not in call.machine.processes:
        raise Exited
    if not pids and call.name == "killall":
        call.complain(f"{word}: no process killed")
    return 0 if pids else 1
