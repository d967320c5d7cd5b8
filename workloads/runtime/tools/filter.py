"""Tools that choose or change lines: grep, head, tail, wc, cut, sort, uniq, tr."""

import re

from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call, flags


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
    counts = call.memory.setdefault("counts", {})
    for source, line in call.lines(words):
        number = call.memory[source] = call.memory.get(source, 0) + 1
        found = wanted.search(line.rstrip("\n"))
        if (found is None) == ("v" not in options):
            continue
        counts[source] = counts.get(source, 0) + 1
        if "q" in options:
            return 0
        if "c" in options or "l" in options or counts[source] > int(options.get("m") or 10**9):
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


NESTED = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]|\([^()]*\|[^()]*\)\s*[*+{]")


def safe(pattern: str) -> str:
    """Refuses what could take Python's engine for ever: a repetition of a repetition."""
    if len(pattern) > 500 or NESTED.search(pattern) or pattern.count("*") + pattern.count("+") > 6:
        raise re.error("too complex")
    return pattern


def classes(pattern: str) -> str:
    for name, letters in (("digit", "0-9"), ("alpha", "a-zA-Z"), ("alnum", "a-zA-Z0-9"), ("space", r"\s"),
                          ("upper", "A-Z"), ("lower", "a-z")):  # fmt: skip
        pattern = pattern.replace(f"[:{name}:]", letters)
    return pattern


def basic(pattern: str) -> str:
    """A basic regular expression (\\( \\) \\{ \\} \\| are the special ones) as an extended one."""
    out, at = [], 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            after = pattern[at + 1]
            out.append(after if after in "(){}|+?" else "\\" + after)
            at += 2
            continue
        out.append("\\" + char if char in "(){}|+?" or (char == "*" and not out) else char)
        at += 1
    return classes("".join(out))


def head(call: Call) -> int | None:
    options, paths = flags(_counted(call.args), takes="nc")
    if "c" in options:
        return _head_bytes(call, int(options["c"] or 0), paths)
    most = int(options.get("n") or 10)
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
    return [f"-n{word[1:]}" if word[:1] == "-" and word[1:].isdigit() else word for word in args]


def tail(call: Call) -> int | None:
    options, paths = flags(_counted(call.args), takes="nc")
    if call.memory.get("following"):
        return _follow(call, paths)
    kept = call.memory.setdefault("kept", [])
    count = options.get("n") or "10"
    for _, line in call.lines(paths):
        kept.append(line)
        if not count.startswith("+"):
            del kept[: -max(int(count.lstrip("-") or 0), 1)]
    if call.is_blocked:
        return None
    call.out("".join(kept[int(count) - 1 :] if count.startswith("+") else kept if count.lstrip("-") != "0" else []))
    if ("f" not in options and "F" not in options) or (call.failed and "F" not in options):
        return int(call.failed)
    call.memory.update(kept=[], following=True, lengths={name: len(call.files.read(call.path(name)) or "") for name in paths})
    return _follow(call, paths)


def _follow(call: Call, paths: list[str]) -> None:
    """Looks once a second, as tail does; /dev/null and stdin never grow."""
    lengths = call.memory["lengths"]
    for name in paths:
        text = call.files.read(call.path(name)) or ""
        if len(text) != lengths[name]:
            call.out(text[lengths[name] if len(text) > lengths[name] else 0 :])
            lengths[name] = len(text)
    grows = any(call.path(name) != "/dev/null" for name in paths)
    call.sleep(call.now + 1_000_000 if grows else None)


def wc(call: Call) -> int | None:
    options, paths = flags(call.args)
    wanted = [key for key in "lwcm" if key in options] or list("lwc")
    counts = call.memory.setdefault("counts", {})
    for source, text in call.chunks(paths):
        held = call.memory.pop("word", "") if call.memory.get("of") == source else ""
        old = counts.get(source, [0, 0, 0, 0])
        inside = bool(held) and not text[:1].isspace()
        counts[source] = [old[0] + text.count("\n"), old[1] + len(text.split()) - inside,
                          old[2] + len(text.encode()), old[3] + len(text)]  # fmt: skip
        call.memory.update(of=source, word=text[-1:].strip())
    if call.is_blocked:
        return None
    rows = [(counts.get(name, [0, 0, 0, 0]), name) for name in paths or ["-"] if name in counts or not paths]
    if len(paths) > 1:
        rows.append(([sum(row[at] for row, _ in rows) for at in range(4)], "total"))
    for row, name in rows:
        numbers = [str(row["lwcm".index(key)]) for key in wanted]
        lead = numbers[0] if len(numbers) == 1 else " ".join(f"{one:>9}" for one in numbers)
        call.out(lead + (f" {name}" if paths else "") + "\n")
    return int(call.failed)


def cut(call: Call) -> int | None:
    options, paths = flags(call.args, takes="dfcb")
    ranges = options.get("f") or options.get("c") or options.get("b") or ""
    spans = [_span(part) for part in ranges.split(",") if part]
    if not spans or None in spans:
        return call.usage("expected a list of bytes, characters, or fields")
    for _, line in call.lines(paths):
        line = line.rstrip("\n")
        if "f" not in options:
            call.out("".join(c for at, c in enumerate(line, 1) if _within(at, spans)) + "\n")
            continue
        mark = options.get("d") or "\t"
        parts = line.split(mark)
        if len(parts) > 1 or "s" not in options:
            kept = [p for at, p in enumerate(parts, 1) if _within(at, spans)] if len(parts) > 1 else parts
            call.out(mark.join(kept) + "\n")
    return None if call.is_blocked else int(call.failed)


def _span(part: str) -> tuple[int, int] | None:
    first, dash, last = part.partition("-")
    if (first and not first.isdigit()) or (last and not last.isdigit()) or not (first or last):
        return None
    return int(first or 1), int(last or 10**9) if dash else int(first)


def _within(at: int, spans: list[tuple[int, int] | None]) -> bool:
    return any(span and span[0] <= at <= span[1] for span in spans)


def sort(call: Call) -> int | None:
    options, paths = flags(call.args, takes="kt")
    held = call.memory.setdefault("lines", [])
    held.extend(line.rstrip("\n") for _, line in call.lines(paths))
    if call.is_blocked:
        return None
    column = int(re.match(r"\d+", options.get("k", "") or "0").group())  # type: ignore[union-attr]

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


def tr(call: Call) -> int | None:
    options, sets = flags(call.args)
    if not sets:
        return call.usage("usage: tr [-cds] STRING1 [STRING2]")
    first, second = _letters(sets[0]), _letters(sets[1]) if len(sets) > 1 else ""
    is_complement = "c" in options
    for _, text in call.chunks([]):
        call.out(_translated(call, text, first, second, options, is_complement))
    return None if call.is_blocked else 0


def _translated(call: Call, text: str, first: str, second: str, options: dict[str, str], complement: bool) -> str:
    out: list[str] = []
    for char in text:
        is_in = (char in first) != complement
        if is_in and "d" in options:
            continue
        if is_in and second:
            char = second[-1] if complement else second[min(first.index(char), len(second) - 1)]
        if "s" in options and out and out[-1] == char and char in (second or first):
            continue
        out.append(char)
    return "".join(out)


def _letters(text: str) -> str:
    for name, letters in (("[:lower:]", "a-z"), ("[:upper:]", "A-Z"), ("[:digit:]", "0-9"), ("[:alpha:]", "a-zA-Z"),
                          ("[:alnum:]", "a-zA-Z0-9"), ("[:space:]", " \\t\\n\\r"), ("[:blank:]", " \\t")):  # fmt: skip
        text = text.replace(name, letters)
    text = unescape(text)
    return re.sub(r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m.group(1)), ord(m.group(2)) + 1))), text, flags=re.DOTALL)

