"""Tools of one line: true, false, sync, sleep, usleep, pwd, tty, whoami, hostname, uname, nproc, id."""

from clusters.reconcile.clock import SECOND
from workloads.runtime.numbers import decimal
from workloads.runtime.tool import Call, flags

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def true(call: Call) -> int:
    return 0


def false(call: Call) -> int:
    return 1


def sleep(call: Call) -> int | None:
    if "until" in call.memory:
        return 0
    if not call.args:
        return call.usage("missing operand")
    total = 0
    for word in call.args:
        if word in ("infinity", "inf"):
            call.sleep(None)
            return None
        unit = word[-1:] if word[-1:] in UNITS else ""
        amount = decimal(word.removesuffix(unit))
        if amount is None:
            return call.usage(f"invalid number '{word}'")
        total += round(amount * UNITS[unit] * SECOND)
    if total == 0:
        return 0
    call.memory["until"] = call.now + total
    call.sleep(call.memory["until"])
    return None


def usleep(call: Call) -> int | None:
    if "until" in call.memory:
        return 0
    call.memory["until"] = call.now + max(call.number(call.args[0] if call.args else ""), 0)
    call.sleep(call.memory["until"])
    return None


def pwd(call: Call) -> int:
    call.out(call.process["cwd"] + "\n")
    return 0


def tty(call: Call) -> int:
    call.out("not a tty\n")
    return 1


def whoami(call: Call) -> int:
    call.out("root\n")
    return 0


def hostname(call: Call) -> int:
    call.out(call.machine.run["hostname"] + "\n")
    return 0


def nproc(call: Call) -> int:
    call.out("1\n")
    return 0


def identity(call: Call) -> int:
    options, _ = flags(call.args)
    short = "u" in options or "g" in options
    call.out(("root" if "n" in options else "0") + "\n" if short else "uid=0(root) gid=0(root) groups=0(root)\n")
    return 0


def uname(call: Call) -> int:
    host = call.machine.run["hostname"]
    facts = {"s": "Linux", "n": host, "r": "6.8.0-podium", "v": "#1 SMP", "m": "x86_64", "o": "GNU/Linux"}
    options, _ = flags(call.args)
    wanted = facts if "a" in options else [key for key in facts if key in options] or ["s"]
    call.out(" ".join(facts[key] for key in wanted) + "\n")
    return 0
