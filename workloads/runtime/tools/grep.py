"""grep, egrep and fgrep."""

import re

from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.regular import basic, classes, safe


def grep(call: Call) -> int | None:
    options, words = flags(call.args, takes="emABC")
    pattern = options["e"] if "e" in options else words.pop(0) if words else None
    if pattern is None:
        return call.usage("usage: grep [-EFivnclqoe] PATTERN [FILE]...")
    try:
        wanted = _regex(pattern, options, call.name)
    except re.error:
        call.complain(f"bad regex '{pattern}'")
        return 2
    if "r" in options or "R" in options:
        words = [found for name in words or ["."] for found in _below(call, name)]
    shows_name = (len(words) > 1 or "r" in options or "H" in options) and "h" not in options
    most = call.number(options.get("m") or "999999999")
    counts = call.memory.setdefault("counts", {})
    for source, line in call.lines(words):
        number = call.memory[source] = call.memory.get(source, 0) + 1
        found = wanted.search(line.rstrip("\n"))
        if (found is None) == ("v" not in options):
            continue
        counts[source] = counts.get(source, 0) + 1
        if "q" in options:
            return 0
        if "c" in options or "l" in options or counts[source] > most:
            continue
        prefix = (f"{source}:" if shows_name else "") + (f"{number}:" if "n" in options else "")
        shown = [one.group() for one in wanted.finditer(line.rstrip("\n"))] if "o" in options else [line.rstrip("\n")]
        call.out("".join(f"{prefix}{text}\n" for text in shown))
    if call.is_blocked:
        return None
    _summary(call, options, words or ["-"], counts, shows_name)
    return 2 if call.failed else 0 if counts else 1


def _summary(call: Call, options: dict[str, str], sources: list[str], counts: dict[str, int], shows_name: bool) -> None:
    for source in sources:
        if "c" in options:
            call.out(f"{source + ':' if shows_name else ''}{counts.get(source, 0)}\n")
        elif "l" in options and source in counts:
            call.out(f"{source}\n")


def _below(call: Call, name: str) -> list[str]:
    if not call.files.is_folder(call.path(name)):
        return [name]
    return [path for inner in call.files.names(call.path(name)) for path in _below(call, f"{name.rstrip('/')}/{inner}")]


def _regex(pattern: str, options: dict[str, str], name: str) -> re.Pattern[str]:
    if "F" in options or name == "fgrep":
        pattern = re.escape(pattern)
    elif "E" not in options and name != "egrep":
        pattern = basic(pattern)
    else:
        pattern = classes(pattern)
    if "w" in options:
        pattern = rf"\b(?:{pattern})\b"
    if "x" in options:
        pattern = f"^(?:{pattern})$"
    return re.compile(safe(pattern), re.IGNORECASE if "i" in options else 0)
