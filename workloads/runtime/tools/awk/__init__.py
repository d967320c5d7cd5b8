"""awk: patterns and actions over lines, as POSIX has it but for getline, pipes and system."""

from workloads.runtime.errors import Usage
from workloads.runtime.numbers import decimal
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call
from workloads.runtime.tools.awk.grammar import Wrong
from workloads.runtime.tools.awk.machine import Awk, Leave
from workloads.runtime.tools.options import read


def awk(call: Call) -> int | None:
    options, words = read_options(call)
    if options is None:
        return call.usage("usage: awk [-F SEP] [-v VAR=VALUE] 'PROGRAM' [FILE]...")
    text, settings = options
    try:
        return _run(call, text, settings, words)
    except Wrong as problem:
        call.complain(str(problem) or "syntax error in program")
        return 2
    except RecursionError:
        call.complain("program is nested too deeply")
        return 2


def read_options(call: Call) -> tuple[tuple[str, list[str]] | None, list[str]]:
    """((program, its settings), files)."""
    at, head = 0, list[str]()
    args = call.args
    while at < len(args) and args[at].startswith("-") and len(args[at]) > 1 and args[at] != "--":
        head.append(args[at])
        if args[at] in ("-F", "-v", "-f") and at + 1 < len(args):
            at += 1
            head.append(args[at])
        at += 1
    rest = args[at + 1 :] if at < len(args) and args[at] == "--" else args[at:]
    inner = Call(call.machine, call.process, ["awk", *head], call.memory)
    options, _ = read(inner, {"field-separator": "F", "assign": "v", "file": "f"}, "Fvf")
    settings = options.all("v")
    if "F" in options:
        settings.insert(0, "FS=" + ("\t" if options.last("F") == "t" else options.last("F")))
    if "f" in options:
        found = call.text(options.last("f"))
        return ((found, settings) if found is not None else None), rest
    return ((rest[0], settings) if rest else None), rest[1:]


def _run(call: Call, text: str, settings: list[str], files: list[str]) -> int | None:
    state = call.memory.setdefault("awk", {})
    program = Awk(text, state, lambda *what: _write(call, *what), lambda: _draw(call))
    before = state.get("steps", 0)
    try:
        if "begun" not in call.memory:
            call.memory["begun"] = True
            for setting in settings:
                _set(program, setting)
            program.special("BEGIN")
            if all(pattern == ("BEGIN",) for pattern, _ in program.rules):
                return 0
        if not call.memory.get("leaving"):
            for source, line in call.lines(files):
                program.vars["FILENAME"] = "" if source == "-" else source
                program.line(line.rstrip("\n"))
            if call.is_blocked:
                return None
        program.special("END")
    except Leave as leave:
        return _leave(call, program, leave)
    finally:
        call.machine.fuel += (state.get("steps", 0) - before) >> 6
    return int(call.memory.get("code", call.failed))


def _leave(call: Call, program: Awk, leave: Leave) -> int:
    code = int(leave.value) & 255 if isinstance(leave.value, float) else 0
    if not call.memory.get("leaving"):
        call.memory["leaving"] = True
        try:
            program.special("END")
        except Leave as again:
            code = int(again.value) & 255 if isinstance(again.value, float) else code
    return code


def _set(program: Awk, setting: str) -> None:
    name, equals, value = setting.partition("=")
    if not equals or not name.isidentifier():
        raise Usage(f"bad assignment '{setting}'")
    number = decimal(value)
    program.vars[name] = number if number is not None and name not in ("FS", "OFS") else unescape(value)


def _draw(call: Call) -> float:
    run = call.machine.run
    run["seed"] = (run["seed"] * 1103515245 + 12345) % 2**31
    return float(run["seed"]) / 2**31


def _write(call: Call, text: str, how: str, target: str) -> None:
    if how == "":
        call.out(text)
    elif how == "|":
        raise Wrong("pipes are not simulated")
    elif target in ("/dev/stderr", "/dev/stdout"):
        call.machine.write(call.process, 2 if target.endswith("err") else 1, text)
    else:
        opened = call.memory.setdefault("opened", [])
        old = (call.files.read(call.path(target)) or "") if how == ">>" or target in opened else ""
        opened.append(target)
        call.change("write", target, old + text, call.now)
