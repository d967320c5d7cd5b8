"""Tools about the machine: ps, top, free, df, du, mount, dmesg, arch, groups, kernel settings."""

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from workloads.runtime.binary import size
from workloads.runtime.server import date_of
from workloads.runtime.tool import GNU, Call, flags
from workloads.runtime.tools.options import read

NODE_MEMORY = 8 * 1024**3  # what `free` tells without a limit: it sees the machine, not the container
DISK = 98 * 1024 * 1024  # KiB of the node's disk


def _user(call: Call) -> str:
    uid = call.machine.run["user"]["uid"]
    for line in (call.files.read("/etc/passwd") or "").splitlines():
        fields = line.split(":")
        if fields[2:3] == [str(uid)]:
            return fields[0]
    return str(uid)


def _processes(call: Call) -> list[Body]:
    everybody = (*call.machine.processes.values(), *call.machine.neighbours())
    return sorted(everybody, key=lambda process: int(process["pid"]))


def ps(call: Call) -> int:
    options, words = flags(call.args, takes="op")
    columns = options.get("o")
    if columns:
        return _columns(call, columns.split(","))
    wide = "e" in options or any("u" in word or "x" in word for word in words) or "f" in options
    user, rows = _user(call), []
    if call.machine.image.base not in GNU:
        call.out("PID   USER     TIME  COMMAND\n")
        rows = [f"{p['pid']:5} {user:8}  0:00 {_command(p)}" for p in _processes(call)]
    elif any("u" in word for word in words):
        call.out("USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n")
        rows = [f"{user:8} {p['pid']:7}  0.0  0.0   4288  3200 ?        S    "
                f"{date_of(call.now):%H:%M}   0:00 {_command(p)}"
                for p in _processes(call)]  # fmt: skip
    elif "f" in options:
        call.out("UID          PID    PPID  C STIME TTY          TIME CMD\n")
        rows = [f"{user:8} {p['pid']:7} {p['parent']:7}  0 {date_of(call.now):%H:%M} ?        00:00:00 {_command(p)}"
                for p in _processes(call)]  # fmt: skip
    else:
        call.out("    PID TTY          TIME CMD\n")
        shown = _processes(call) if wide else _processes(call)[-2:]
        rows = [f"{p['pid']:7} ?        00:00:00 {p['argv'][0].rpartition('/')[2]}" for p in shown]
    call.out("".join(row + "\n" for row in rows))
    return 0


def _columns(call: Call, names: list[str]) -> int:
    titles = {"pid": "PID", "ppid": "PPID", "user": "USER", "comm": "COMMAND", "args": "COMMAND", "cmd": "CMD",
              "time": "TIME", "stat": "STAT", "uid": "UID"}  # fmt: skip
    unknown = next((name for name in names if name not in titles), None)
    if unknown:
        return call.usage(f"bad -o argument '{unknown}', supported arguments: {','.join(titles)}")
    rows = [[titles[name] for name in names]]
    for process in _processes(call):
        facts = {"pid": process["pid"], "ppid": process["parent"], "user": _user(call), "time": "0:00", "stat": "S",
                 "comm": process["argv"][0].rpartition("/")[2], "args": _command(process), "cmd": _command(process),
                 "uid": call.machine.run["user"]["uid"]}  # fmt: skip
        rows.append([str(facts[name]) for name in names])
    widths = [max(len(row[at]) for row in rows) for at in range(len(names))]
    call.out("".join("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
                     for row in rows))  # fmt: skip
    return 0


def _command(process: Body) -> str:
    words = " ".join(process["argv"])
    return f"{{{process['name'].rpartition('/')[2]}}} {words}" if process.get("kind") == "script" else words


def _find(call: Call, word: str, whole: bool, full: bool = False) -> Iterator[str]:
    for process in _processes(call):
        name = process["argv"][0].rpartition("/")[2]
        text = _command(process) if full else name
        if process["pid"] != call.process["pid"] and (name == word if whole else word in text):
            yield str(process["pid"])


def pgrep(call: Call) -> int:
    options, words = flags(call.args)
    found = list(_find(call, words[0] if words else "", "x" in options, "f" in options))
    call.out("".join(pid + "\n" for pid in found))
    return 0 if found else 1


def pidof(call: Call) -> int:
    found = [pid for word in flags(call.args)[1] for pid in _find(call, word, whole=True)]
    if found:
        call.out(" ".join(reversed(found)) + "\n")
    return 0 if found else 1


def named(call: Call) -> tuple[str, list[str], str]:
    """pkill's and killall's command line: the signal's name, the pids, and who is meant."""
    signal = next((word[1:] for word in call.args if word.startswith("-") and word not in ("-f", "-x", "-q")), "TERM")
    words = [word for word in call.args if not word.startswith("-")]
    word = words[0] if words else ""
    found = _find(call, word, call.name == "killall" or "-x" in call.args, "-f" in call.args)
    return signal.removeprefix("SIG"), list(found), word


def top(call: Call) -> int | None:
    options, _ = read(call, {}, "ndp")
    times = call.number(options.last("n", "1")) if "n" in options or not call.is_terminal(1) else 1_000_000
    seen = call.memory.get("seen", 0)
    if call.now < call.memory.get("next", 0):
        call.sleep(call.memory["next"])
        return None
    if seen >= (times if "b" in options or "n" in options else 1_000_000):
        return 0
    _screen(call)
    call.memory.update(seen=seen + 1, next=call.now + call.number(options.last("d", "5")) * SECOND)
    if seen + 1 >= times and "n" in options:
        return 0
    call.sleep(call.memory["next"])
    return None


def _screen(call: Call) -> None:
    used = _used(call) // 1024
    total = NODE_MEMORY // 1024
    user = _user(call)
    rows = [f"{p['pid']:5} {p['parent']:5} {user:8} {'R' if p is call.process else 'S':4} "
            f"{400:7}   0%   0   0% {_command(p)}"
            for p in _processes(call)]  # fmt: skip
    call.out(f"Mem: {used}K used, {total - used}K free, 0K shrd, 0K buff, 0K cached\n"
             "CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n"
             f"Load average: 0.00 0.00 0.00 1/{len(rows)} {call.process['pid']}\n"
             "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n"
             + "".join(row + "\n" for row in rows))  # fmt: skip


def _used(call: Call) -> int:
    """Bytes that the container's processes hold."""
    return sum(int(process.get("takes", 400 * 1024)) for process in call.machine.processes.values()) + 64 * 1024**2


def free(call: Call) -> int:
    options, _ = flags(call.args)
    factor = 1 if "b" in options else 1024**2 if "m" in options else 1024**3 if "g" in options else 1024
    total, used = NODE_MEMORY, _used(call)

    def shown(value: int) -> str:
        return _human(value) if "h" in options else str(value // factor)

    numbers = [shown(total), shown(used), shown(total - used), shown(0), shown(0), shown(total - used)]
    call.out("              total        used        free      shared  buff/cache   available\n"
             f"Mem:    {''.join(f'{one:>12}' for one in numbers).lstrip():>{12 * 6 - 1}}\n"
             f"Swap:   {''.join(f'{shown(0):>12}' for _ in range(3))[1:]}\n")  # fmt: skip
    return 0


def _human(value: int) -> str:
    for unit, factor in (("G", 1024**3), ("M", 1024**2), ("K", 1024)):
        if value >= factor:
            return f"{value / factor:.1f}{unit}"
    return str(value)


def df(call: Call) -> int:
    options, paths = flags(call.args, takes="t")
    places = {"/": "overlay", "/dev": "tmpfs", **dict.fromkeys(call.files.mounts, "/dev/vda1")}
    if paths:
        wanted = [max((place for place in places if _covers(place, call.path(path))), key=len) for path in paths]
        places = {place: places[place] for place in wanted}
    human = "h" in options
    call.out(f"Filesystem           {'      Size' if human else '1K-blocks'}      Used Available Use% Mounted on\n")
    for place, device in places.items():
        total = 64 * 1024 if device == "tmpfs" else DISK
        used = (0 if device == "tmpfs" else call.files.used() // 1024) + (0 if device == "tmpfs" else total // 10)
        numbers = [_human(n * 1024) if human else str(n) for n in (total, used, total - used)]
        call.out(f"{device:20} {numbers[0]:>9} {numbers[1]:>9} {numbers[2]:>9} {used * 100 // total:3}% {place}\n")
    return 0


def _covers(place: str, path: str) -> bool:
    return place == "/" or path == place or path.startswith(place + "/")


def du(call: Call) -> int:
    options, paths = flags(call.args, takes="d")
    depth = 0 if "s" in options else call.number(options.get("d") or options.get("max-depth") or "1000")
    for name in paths or ["."]:
        if not call.files.exists(call.path(name)):
            call.complain(f"{name}: No such file or directory")
            call.failed = True
            continue
        _weigh(call, name, options, depth)
    return int(call.failed)


def _weigh(call: Call, name: str, options: dict[str, str], depth: int) -> int:
    path = call.path(name)
    text = call.files.read(path)
    call.machine.fuel += 1
    if text is not None:
        total = (size(text) + 4095) // 4096 * 4
    else:
        inner = [_weigh(call, f"{name.rstrip('/')}/{one}", options, depth - 1) for one in call.files.names(path)]
        total = 4 + sum(inner)
    if depth >= 0 and (text is None or "a" in options or not depth):
        call.out(f"{_human(total * 1024) if 'h' in options else total}\t{name}\n")
    return total


def mount(call: Call) -> int:
    flags(call.args, takes="to")
    call.out("overlay on / type overlay (rw,relatime)\nproc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n"
             "tmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)\n"
             "sysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)\n")  # fmt: skip
    for place in sorted(call.files.mounts):
        how = "ro" if place in call.files.read_only else "rw"
        call.out(f"/dev/vda1 on {place} type ext4 ({how},relatime)\n")
    return 0


def umount(call: Call) -> int:
    name = next(iter(flags(call.args)[1]), "")
    return call.usage(f"can't unmount {name}: Operation not permitted")


def dmesg(call: Call) -> int:
    return call.usage("read kernel buffer failed: Operation not permitted")


def arch(call: Call) -> int:
    call.out("x86_64\n")
    return 0


def sysctl(call: Call) -> int:
    known = {"net.core.somaxconn": "4096", "kernel.shm_rmid_forced": "0", "net.ipv4.ip_forward": "1",
             "vm.max_map_count": "65530", "kernel.hostname": call.machine.run["hostname"],
             "net.ipv4.ip_local_port_range": "32768\t60999"}  # fmt: skip
    options, words = flags(call.args)
    for word in words:
        if "=" in word or "w" in options:
            name = word.partition("=")[0].strip()
            call.complain(f"error setting key '{name}': Read-only file system")
            return 1
        if word not in known:
            call.complain(f"error: '{word}' is an unknown key")
            return 1
        call.out((known[word] if "n" in options else f"{word} = {known[word]}") + "\n")
    return 0
