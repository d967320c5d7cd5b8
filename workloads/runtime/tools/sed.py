"""sed: addresses (number, $, /re/, ranges) with s, p, d, q; -n, -e, -i."""

import re
from dataclasses import dataclass

from workloads.runtime.numbers import is_digits
from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.regular import basic, classes, safe


@dataclass(frozen=True, slots=True)
class Command:
    first: str
    last: str
    name: str
    pattern: str = ""
    replacement: str = ""
    options: str = ""


class Unknown(Exception):
    """A script that this sed cannot read."""


SPLIT = re.compile(r"\s*(?:(\d+|\$|/(?:[^/\\]|\\.)*/)(?:,(\d+|\$|/(?:[^/\\]|\\.)*/))?)?\s*([spdq])")


def sed(call: Call) -> int | None:
    options, words = flags(call.args, takes="e")
    script = options["e"] if "e" in options else words.pop(0) if words else ""
    try:
        commands = parse(script, "E" in options or "r" in options)
    except (Unknown, re.error):
        return call.usage(f"unsupported command: {script}")
    if "i" in options:
        return _in_place(call, commands, options, words)
    lines = call.memory.setdefault("lines", [])
    lines.extend(line for _, line in call.lines(words))
    last = None if call.is_blocked else call.memory.get("number", 0) + len(lines)
    ready = lines if last is not None else lines[:-1]  # whether a line is the last one is known only at the end
    call.memory["lines"] = lines[len(ready) :]
    done = _edit(call, commands, ready, last, "n" in options)
    return int(call.failed) if done or last is not None else None


def _in_place(call: Call, commands: list[Command], options: dict[str, str], names: list[str]) -> int:
    for name in names:
        text = call.text(name)
        if text is not None:
            out: list[str] = []
            lines = text.splitlines(keepends=True)
            call.memory.clear()
            for line in lines:
                _line(call, commands, line, len(lines), "n" in options, out)
            call.change("write", name, "".join(out), call.now)
    return int(call.failed)


def _edit(call: Call, commands: list[Command], lines: list[str], last: int | None, silent: bool) -> bool:
    for line in lines:
        out: list[str] = []
        done = _line(call, commands, line, last, silent, out)
        call.out("".join(out))
        if done:
            return True
    return False


def _line(call: Call, commands: list[Command], line: str, last: int | None, silent: bool, out: list[str]) -> bool:
    number = call.memory["number"] = call.memory.get("number", 0) + 1
    text, newline = line.removesuffix("\n"), "\n" if line.endswith("\n") else ""
    done = False
    for at, command in enumerate(commands):
        if not _applies(call, at, command, text, number, last):
            continue
        if command.name == "d":
            return False
        if command.name == "q":
            done = True
            break
        if command.name == "s":
            text, count = _substitute(command, text)
        if command.name == "p" or (command.name == "s" and "p" in command.options and count):
            out.append(text + newline)
    if not silent:
        out.append(text + newline)
    return done


def _applies(call: Call, at: int, command: Command, text: str, number: int, last: int | None) -> bool:
    if not command.first:
        return True
    if not command.last:
        return _hit(command.first, text, number, last)
    inside = call.memory.setdefault("ranges", {})
    if str(at) not in inside:
        if not _hit(command.first, text, number, last):
            return False
        inside[str(at)] = 1
        if not (is_digits(command.last) and int(command.last) <= number):
            return True
    if _hit(command.last, text, number, last) or (is_digits(command.last) and number >= int(command.last)):
        del inside[str(at)]
    return True


def _hit(address: str, text: str, number: int, last: int | None) -> bool:
    if address == "$":
        return number == last
    if is_digits(address):
        return number == int(address)
    return re.search(safe(basic(address[1:-1])), text) is not None


def _substitute(command: Command, text: str) -> tuple[str, int]:
    count = 0 if "g" in command.options else 1
    how = re.IGNORECASE if "i" in command.options.lower() else 0
    return re.subn(command.pattern, command.replacement, text, count=count, flags=how)


def parse(script: str, extended: bool) -> list[Command]:
    """Raises Unknown."""
    found: list[Command] = []
    rest = script.strip()
    while rest:
        match = SPLIT.match(rest)
        if match is None:
            raise Unknown
        first, last, name = match.group(1) or "", match.group(2) or "", match.group(3)
        rest = rest[match.end() :]
        if name == "s":
            command, rest = _substitution(first, last, rest, extended)
        else:
            command = Command(first, last, name)
        found.append(command)
        rest = rest.lstrip()
        if rest and rest[0] not in ";\n":
            raise Unknown
        rest = rest[1:].lstrip()
    return found


def _substitution(first: str, last: str, rest: str, extended: bool) -> tuple[Command, str]:
    if not rest:
        raise Unknown
    mark, parts, at = rest[0], ["", ""], 1
    for index in range(2):
        while at < len(rest) and rest[at] != mark:
            if rest[at] == "\\" and at + 1 < len(rest):
                parts[index] += rest[at + 1] if rest[at + 1] == mark else rest[at : at + 2]
                at += 2
            else:
                parts[index] += rest[at]
                at += 1
        if at >= len(rest):
            raise Unknown
        at += 1
    end = at
    while end < len(rest) and rest[end] in "gpiI":
        end += 1
    pattern = safe(classes(parts[0]) if extended else basic(parts[0]))
    re.compile(pattern)
    replacement = re.sub(r"(?<!\\)&", r"\\g<0>", parts[1]).replace("\\&", "&")
    return Command(first, last, "s", pattern, replacement, rest[at:end]), rest[end:]
