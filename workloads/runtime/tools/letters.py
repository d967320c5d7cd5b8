"""Tools that work inside a line: cut and tr."""

import re

from workloads.runtime.numbers import whole
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call, flags


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
    begin, end = whole(first or "1"), whole(last or "999999999")
    if begin is None or end is None or not (first or last):
        return None
    return begin, end if dash else begin


def _within(at: int, spans: list[tuple[int, int] | None]) -> bool:
    return any(span and span[0] <= at <= span[1] for span in spans)


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
    return re.sub(
        r"(.)-(.)", lambda m: "".join(map(chr, range(ord(m.group(1)), ord(m.group(2)) + 1))), text, flags=re.DOTALL
    )
