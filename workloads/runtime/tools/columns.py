"""Tools that set text out in other ways: nl, paste, fold, comm, expand, split, column, od, xxd, diff, cmp, dd."""

import difflib

from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.system import _human

MOST = 1024 * 1024


def nl(call: Call) -> int | None:
    options, paths = flags(call.args, takes="bwns")
    for _, line in call.lines(paths):
        if line.strip("\n") or options.get("b") == "a":
            call.memory["line"] = call.memory.get("line", 0) + 1
            call.out(f"{call.memory['line']:6}\t{line}")
        else:
            call.out(f"      \t{line}" if line.strip("\n") else "       \n")
    return None if call.is_blocked else int(call.failed)


def paste(call: Call) -> int | None:
    options, paths = flags(call.args, takes="d")
    held = call.memory.setdefault("lines", {})
    for source, line in call.lines(paths):
        held.setdefault(source, []).append(line.rstrip("\n"))
    if call.is_blocked:
        return None
    mark = options.get("d") or "\t"
    columns = [held.get(path, []) for path in paths or ["-"]]
    if "s" in options:
        call.out("".join(mark.join(column) + "\n" for column in columns))
        return int(call.failed)
    for at in range(max(map(len, columns), default=0)):
        call.out(mark.join(column[at] if at < len(column) else "" for column in columns) + "\n")
    return int(call.failed)


def fold(call: Call) -> int | None:
    options, paths = flags(call.args, takes="w")
    width = max(call.number(options.get("w") or "80"), 1)
    for _, line in call.lines(paths):
        text = line.rstrip("\n")
        parts = [text[at : at + width] for at in range(0, len(text), width)] or [""]
        call.out("\n".join(parts) + "\n")
    return None if call.is_blocked else int(call.failed)


def comm(call: Call) -> int:
    options, paths = flags(call.args)
    if len(paths) != 2:
        return call.usage("usage: comm [-123] FILE1 FILE2")
    texts = [call.text(path) for path in paths]
    if None in texts:
        return 1
    one, two = ((text or "").splitlines() for text in texts)
    hidden = [digit in options for digit in "123"]
    rows = [
        (line, 0 if line not in two else 2 if line in one else 1)
        for line in sorted({**dict.fromkeys(one), **dict.fromkeys(two)})
    ]
    rows = [(line, 1 if line not in one else column) for line, column in rows]
    for line, column in rows:
        if not hidden[column]:
            call.out("\t" * sum(not hidden[at] for at in range(column)) + line + "\n")
    return 0


def column(call: Call) -> int | None:
    options, paths = flags(call.args, takes="sc")
    held = call.memory.setdefault("lines", [])
    held.extend(line.rstrip("\n") for _, line in call.lines(paths))
    if call.is_blocked:
        return None
    if "t" not in options:
        call.out("".join(line + "\n" for line in held))
        return int(call.failed)
    rows = [line.split(options.get("s")) for line in held]
    widths: list[int] = []
    for row in rows:
        widths = [max(len(row[at]) if at < len(row) else 0, widths[at] if at < len(widths) else 0)
                  for at in range(max(len(row), len(widths)))]  # fmt: skip
    for row in rows:
        call.out("  ".join(f"{cell:{widths[at]}}" for at, cell in enumerate(row)).rstrip() + "\n")
    return int(call.failed)


def _all(call: Call, paths: list[str]) -> bytes | None:
    held = call.memory.setdefault("text", [])
    held.extend(text for _, text in call.chunks(paths))
    return None if call.is_blocked else to_bytes("".join(held))[:MOST]


def hexdump(call: Call) -> int | None:
    options, paths = flags(call.args, takes="nsev")
    data = _all(call, paths)
    if data is None:
        return None
    if "n" in options:
        data = data[: call.number(options["n"])]
    call.machine.fuel += len(data) >> 4
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        if call.name == "xxd":
            pairs = " ".join(part[two : two + 2].hex() for two in range(0, len(part), 2))
            call.out(f"{at:08x}: {pairs:39}  {shown}\n")
        elif "C" in options:
            left, right = part[:8].hex(" "), part[8:].hex(" ")
            call.out(f"{at:08x}  {left:23}  {right:23}  |{shown}|\n")
        else:
            words = " ".join(part[two : two + 2][::-1].hex().rjust(4, "0") for two in range(0, len(part), 2))
            call.out(f"{at:07x} {words}\n")
    call.out(f"{len(data):08x}\n" if "C" in options else "" if call.name == "xxd" else f"{len(data):07x}\n")
    return int(call.failed)


def od(call: Call) -> int | None:
    options, paths = flags(call.args, takes="AtNjw")
    data = _all(call, paths)
    if data is None:
        return None
    if "N" in options:
        data = data[: call.number(options["N"])]
    base, kind = options.get("A", "o"), options.get("t", "c" if "c" in options else "o2")[:1]
    call.machine.fuel += len(data) >> 4
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        if kind == "c":
            cells = [f"{_letter(byte):>4}" for byte in part]
        elif kind == "x":
            cells = [f" {byte:02x}" for byte in part]
        elif kind in "ud":
            cells = [f" {byte:3}" for byte in part]
        else:
            cells = [f" {int.from_bytes(part[two : two + 2], 'little'):06o}" for two in range(0, len(part), 2)]
        call.out(_offset(at, base) + "".join(cells) + "\n")
    if base != "n":
        call.out(_offset(len(data), base) + "\n")
    return int(call.failed)


def _offset(at: int, base: str) -> str:
    return {"n": "", "x": f"{at:06x}", "d": f"{at:07d}"}.get(base, f"{at:07o}")


def _letter(byte: int) -> str:
    named = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
    return named.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")


def diff(call: Call) -> int:
    options, paths = flags(call.args, takes="U")
    if len(paths) != 2:
        call.complain("missing operand")
        return 2
    texts = [call.text(path) for path in paths]
    if None in texts:
        return 2
    one, two = ((text or "").splitlines(keepends=True)[:2000] for text in texts)
    call.machine.fuel += (len(one) + len(two)) >> 2
    if one == two:
        return 0
    if "q" in options:
        call.out(f"Files {paths[0]} and {paths[1]} differ\n")
        return 1
    if call.machine.image.base in ("busybox", "alpine") or "u" in options or "U" in options:
        lines = difflib.unified_diff(one, two, paths[0], paths[1], n=call.number(options.get("U") or "3"))
        call.out("".join(line if line.endswith("\n") else line + "\n" for line in lines))
    else:
        call.out(_normal(one, two))
    return 1


def _normal(one: list[str], two: list[str]) -> str:
    out: list[str] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if what != "equal":
            sign = {"replace": "c", "delete": "d", "insert": "a"}[what]
            out.append(f"{_span(a, b, what == 'insert')}{sign}{_span(c, d, what == 'delete')}\n")
            out.extend("< " + line for line in one[a:b])
            out.append("---\n" if what == "replace" else "")
            out.extend("> " + line for line in two[c:d])
    return "".join(out)


def _span(begin: int, end: int, is_empty: bool) -> str:
    return str(begin) if is_empty else str(end) if end - begin == 1 else f"{begin + 1},{end}"


def cmp(call: Call) -> int:
    _, paths = flags(call.args)
    texts = [call.text(path) for path in paths[:2]]
    if len(texts) < 2 or None in texts:
        return 2
    one, two = (to_bytes(text or "") for text in texts)
    if one == two:
        return 0
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), None)
    if at is None:
        call.machine.write(call.process, 2, f"cmp: EOF on {paths[0] if len(one) < len(two) else paths[1]}\n")
    else:
        call.out(f"{paths[0]} {paths[1]} differ: byte {at + 1}, line {one[:at].count(10) + 1}\n")
    return 1


UNITS = {"": 1, "c": 1, "k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


def dd(call: Call) -> int | None:
    """Copies in blocks; from /dev/zero what it writes takes room on the disk like everything else."""
    facts = dict(word.partition("=")[::2] for word in call.args)
    block, count = _amount(call, facts.get("bs", "512")), _amount(call, facts["count"]) if "count" in facts else None
    source, target = facts.get("if", "-"), facts.get("of", "")
    if source in ("/dev/zero", "/dev/urandom", "/dev/random"):
        return _endless(call, source, target, block, count)
    held = call.memory.setdefault("text", [])
    held.extend(text for _, text in call.chunks([] if source == "-" else [source]))
    if call.is_blocked:
        return None
    data = to_bytes("".join(held))
    data = data[: block * count] if count is not None else data
    if target and not call.change("write", target, to_text(data), call.now):
        return 1
    if not target:
        call.out(to_text(data))
    return _told(call, len(data), block)


def _amount(call: Call, text: str) -> int:
    digits = text.rstrip("ckKMGB")
    return call.number(digits) * UNITS.get(text[len(digits) :], 1)


def _endless(call: Call, source: str, target: str, block: int, count: int | None) -> int | None:
    """A megabyte a turn, so that it costs its time."""
    done = call.memory.get("done", 0)
    total = block * count if count is not None else None
    part = 1024 * 1024 if total is None else min(1024 * 1024, total - done)
    call.machine.fuel += 10 + (part >> 13)
    if part > 0 and target != "/dev/null":
        data = to_text(bytes(part)) if source == "/dev/zero" else call.random(part)
        if not target:
            call.out(data)
        elif not call.change(
            "write", target, (call.files.read(call.path(target)) or "" if done else "") + data, call.now
        ):
            _told(call, done, block)
            return 1
    call.memory["done"] = done + part
    if total is not None and done + part >= total:
        return _told(call, total, block)
    return None


def _told(call: Call, total: int, block: int) -> int:
    whole, rest = divmod(total, max(block, 1))
    records = f"{whole}+{int(bool(rest))}"
    call.machine.write(call.process, 2, f"{records} records in\n{records} records out\n"
                       f"{total} bytes ({_human(total)}B) copied, 0.001000 seconds, "
                       f"{_human(total * 1000)}B/s\n")  # fmt: skip
    return 0
