"""Tools that pass text on: cat, tac, rev, tee, yes."""

from workloads.runtime.tool import Call, flags


def cat(call: Call) -> int | None:
    options, paths = flags(call.args)
    if "n" in options:
        for _, line in call.lines(paths):
            call.memory["line"] = call.memory.get("line", 0) + 1
            call.out(f"{call.memory['line']:6}\t{line}")
    else:
        for _, text in call.chunks(paths):
            call.out(text)
    call.memory["failed"] = call.memory.get("failed", False) or call.failed
    return None if call.is_blocked else int(call.memory["failed"])


def tac(call: Call) -> int | None:
    held = call.memory.setdefault("lines", [])
    held.extend(line for _, line in call.lines(call.args))
    if call.is_blocked:
        return None
    call.out("".join(reversed(held)))
    return int(call.failed)


def rev(call: Call) -> int | None:
    for _, line in call.lines(call.args):
        call.out(line.rstrip("\n")[::-1] + "\n")
    return None if call.is_blocked else int(call.failed)


def tee(call: Call) -> int | None:
    options, paths = flags(call.args)
    if not call.memory.get("opened"):
        call.memory["opened"] = True
        for name in paths:
            old = call.files.read(call.path(name)) if "a" in options else None
            if call.change("write", name, old or "", call.now):
                call.memory.setdefault("paths", []).append(name)
        call.memory["failed"] = call.failed
    for _, text in call.chunks([]):
        call.out(text)
        for name in call.memory.get("paths", ()):
            call.change("write", name, (call.files.read(call.path(name)) or "") + text, call.now)
    return None if call.is_blocked else int(call.failed or call.memory["failed"])


def yes(call: Call) -> int | None:
    line = (" ".join(call.args) or "y") + "\n"
    call.out(line * max(65536 // len(line), 1))
    return None
