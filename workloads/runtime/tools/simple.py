"""Tools of one line: true, false, sync, sleep, usleep, pwd, tty, whoami, hostname, uname, nproc, id."""

from clusters.reconcile.clock import SECOND
from workloads.runtime.numbers import decimal
from workloads.runtime.tool import GNU, Call, flags

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
    is_one = call.process["fds"].get("0", "").startswith("tty:")
    call.out("/dev/pts/0\n" if is_one else "not a tty\n")
    return int(not is_one)


def stty(call: Call) -> int:
    """The terminal's size, and whether it shows what is typed."""
    key = call.process["fds"].get("0", "").partition("tty:")[2]
    if not key:
        return call.usage("standard input: Inappropriate ioctl for device")
    terminal = call.machine.part("ttys")[key]
    for word in call.args:
        if word == "size":
            call.out(f"{terminal['rows']} {terminal['columns']}\n")
        elif word in ("echo", "-echo"):
            terminal["echo"] = word == "echo"
        elif word in ("raw", "-icanon", "cbreak"):
            terminal["lines"] = False
        elif word in ("sane", "cooked", "icanon"):
            terminal.update(lines=True, echo=terminal["echo"] or word == "sane")
        elif word != "-a":
            return call.usage(f"invalid argument '{word}'")
    if not call.args or "-a" in call.args:
        echo = "" if terminal["echo"] else "-"
        call.out(f"speed 38400 baud; rows {terminal['rows']}; columns {terminal['columns']};\n{echo}echo icanon isig\n")
    return 0


def whoami(call: Call) -> int:
    uid = call.machine.run["user"]["uid"]
    name = _name(call, "/etc/passwd", uid)
    if not name:
        gnu = f"cannot find name for user ID {uid}"
        return call.usage(gnu if call.machine.image.base in GNU else f"unknown uid {uid}")
    call.out(name + "\n")
    return 0


def hostname(call: Call) -> int:
    options, _ = flags(call.args)
    if "i" in options or "I" in options:
        call.out(str(call.machine.run.get("ip") or "127.0.0.1") + "\n")
        return 0
    own = str(call.machine.run["hostname"])
    full = _in_full(call, own)
    if "d" in options:
        call.out(full.partition(".")[2] + "\n")
    else:
        call.out((full if "f" in options else own.partition(".")[0] if "s" in options else own) + "\n")
    return 0


def _in_full(call: Call, name: str) -> str:
    """The first name that stands beside it in /etc/hosts."""
    for line in (call.files.read("/etc/hosts") or "").splitlines():
        words = line.partition("#")[0].split()
        if name in words[1:]:
            return words[1]
    return name


def nproc(call: Call) -> int:
    call.out("1\n")
    return 0


def identity(call: Call) -> int:
    options, _ = flags(call.args)
    user = call.machine.run["user"]
    for letter, field, file in (("u", "uid", "/etc/passwd"), ("g", "gid", "/etc/group")):
        if letter in options:
            name = _name(call, file, user[field]) if "n" in options else ""
            call.out((name or str(user[field])) + "\n")
            return 0
    groups = sorted(user["groups"])
    if "G" in options:
        names = (_name(call, "/etc/group", gid) if "n" in options else "" for gid in groups)
        call.out(" ".join(name or str(gid) for name, gid in zip(names, groups, strict=True)) + "\n")
        return 0
    own = f"uid={_told(call, '/etc/passwd', user['uid'])} gid={_told(call, '/etc/group', user['gid'])}"
    call.out(f"{own} groups={','.join(_told(call, '/etc/group', gid) for gid in groups)}\n")
    return 0


def _told(call: Call, file: str, number: int) -> str:
    name = _name(call, file, number)
    return f"{number}({name})" if name else str(number)


def _name(call: Call, file: str, number: int) -> str:
    """Of a user or group, as /etc/passwd or /etc/group has it; "" for one that it does not know."""
    for line in (call.files.read(file) or "").splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[2] == str(number):
            return fields[0]
    return "root" if number == 0 else ""


def uname(call: Call) -> int:
    host = call.machine.run["hostname"]
    facts = {"s": "Linux", "n": host, "r": "6.8.0-podium", "v": "#1 SMP", "m": "x86_64", "o": "GNU/Linux"}
    options, _ = flags(call.args)
    wanted = facts if "a" in options else [key for key in facts if key in options] or ["s"]
    call.out(" ".join(facts[key] for key in wanted) + "\n")
    return 0


def groups(call: Call) -> int:
    user = call.machine.run["user"]
    names = [_name(call, "/etc/group", gid) or str(gid) for gid in dict.fromkeys((user["gid"], *user["groups"]))]
    call.out(" ".join(names) + "\n")
    return 0
