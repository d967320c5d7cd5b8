"""Tools that count and choose lines: head, tail, wc, sort, uniq."""

import re

from workloads.runtime.binary import size
from workloads.runtime.numbers import is_digits
from workloads.runtime.tool import Call, flags


def head(call: Call) -> int | None:
    options, paths = flags(_counted(call.args), takes="nc")
    if "c" in options:
        return _head_bytes(call, call.number(options["c"]), paths)
    most = call.number(options.get("n") or "10")
    seen = call.memory.setdefault("seen", {})
    for source, line in call.lines(paths):
        seen[source] = seen.get(source, 0) + 1
        if seen[source] == 1 and len(paths) > 1:
            call.out(f"{chr(10) if len(seen) > 1 else ''}==> {source} <==\n")
        if seen[source] <= most:
            call.out(line)
        if len(paths) < 2 and seen[source] >= most:
            return int(call.failed)
    return None if call.is_blocked else int(call.failed)


def _head_bytes(call: Call, most: int, paths: list[str]) -> int | None:
    for _, text in call.chunks(paths):
        left = most - call.memory.get("out", 0)
        call.out(text[:left])
        call.memory["out"] = call.memory.get("out", 0) + len(text[:left])
        if call.memory["out"] >= most:
            return 0
    return None if call.is_blocked else int(call.failed)


def _counted(args: list[str]) -> list[str]:
    """head -5 as head -n 5."""
    return [f"-n{word[1:]}" if word[:1] == "-" and is_digits(word[1:]) else word for word in args]


def tail(call: Call) -> int | None:
    options, paths = flags(_counted(call.args), takes="nc")
    if call.memory.get("following"):
        _follow(call, paths)
        return None
    kept = call.memory.setdefault("kept", [])
    count = options.get("n") or "10"
    size = abs(call.number(count))
    for _, line in call.lines(paths):
        kept.append(line)
        if not count.startswith("+"):
            del kept[: -max(size, 1)]
    if call.is_blocked:
        return None
    call.out("".join(kept[max(size - 1, 0) :] if count.startswith("+") else kept if size else []))
    if ("f" not in options and "F" not in options) or (call.failed and "F" not in options):
        return int(call.failed)
    call.memory.update(
        kept=[], following=True, lengths={name: len(call.files.read(call.path(name)) or "") for name in paths}
    )
    _follow(call, paths)
    return None


def _follow(call: Call, paths: list[str]) -> None:
    """Writes what has come and waits for a file to change; /dev/null and stdin never do."""
    lengths = call.memory["lengths"]
    for name in paths:
        text = call.files.read(call.path(name)) or ""
        if len(text) != lengths[name]:
            call.out(text[lengths[name] if len(text) > lengths[name] else 0 :])
            lengths[name] = len(text)
    call.process["wait"] = ["change", {call.path(name): length for name, length in lengths.items()}]


def wc(call: Call) -> int | None:
    options, paths = flags(call.args)
    wanted = [key for key in "lwcm" if key in options] or list("lwc")
    counts = call.memory.setdefault("counts", {})
    for _, text in call.chunks(paths):
        source = str(call.memory["source"])
        held = call.memory.pop("word", "") if call.memory.get("of") == source else ""
        old = counts.get(source, [0, 0, 0, 0])
        inside = bool(held) and not text[:1].isspace()
        counts[source] = [old[0] + text.count("\n"), old[1] + len(text.split()) - inside,
                          old[2] + size(text), old[3] + len(text)]  # fmt: skip
        call.memory.update(of=source, word=text[-1:].strip())
    if call.is_blocked:
        return None
    names = list(enumerate(paths or ["-"]))
    rows = [(counts.get(str(at), [0, 0, 0, 0]), name) for at, name in names if str(at) in counts or not paths]
    if len(paths) > 1:
        rows.append(([sum(row[at] for row, _ in rows) for at in range(4)], "total"))
    for row, name in rows:
        numbers = [str(row["lwcm".index(key)]) for key in wanted]
        lead = numbers[0] if len(numbers) == 1 else " ".join(f"{one:>9}" for one in numbers)
        call.out(lead + (f" {name}" if paths else "") + "\n")
    return int(call.failed)


def sort(call: Call) -> int | None:
    options, paths = flags(call.args, takes="kt")
    held = call.memory.setdefault("lines", [])
    held.extend(line.rstrip("\n") for _, line in call.lines(paths))
    if call.is_blocked:
        return None
    column = call.number(options.get("k", "0").partition(",")[0].rstrip("nr") or "0")

    def key(line: str) -> tuple[float, str]:
        if column:
            parts = line.split(options.get("t") or None)
            line = parts[column - 1] if column <= len(parts) else ""
        number = re.match(r"\s*(-?\d+(?:\.\d+)?)", line) if "n" in options else None
        return (float(number.group(1)) if number else 0.0), line

    ordered = sorted(held, key=key, reverse="r" in options)
    ordered = list(dict.fromkeys(ordered)) if "u" in options else ordered
    call.machine.fuel += len(ordered) >> 2
    call.out("".join(line + "\n" for line in ordered))
    return int(call.failed)


def uniq(call: Call) -> int | None:
    options, paths = flags(call.args)
    for _, line in call.lines(paths[:1]):
        line = line.rstrip("\n")
        if call.memory.get("line") == line:
            call.memory["count"] += 1
        else:
            _unique(call, options)
            call.memory.update(line=line, count=1)
    if call.is_blocked:
        return None
    _unique(call, options)
    return int(call.failed)


def _unique(call: Call, options: dict[str, str]) -> None:
    count = call.memory.get("count", 0)
    if count and not ("d" in options and count == 1) and not ("u" in options and count > 1):
        call.out((f"{count:7} " if "c" in options else "") + call.memory["line"] + "\n")
