"""echo and printf."""

from contextlib import suppress

from workloads.runtime.numbers import LONGEST, decimal, whole
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call


def echo(call: Call) -> int:
    is_dash = _is_dash(call)
    words, newline, escapes = list(call.args), "\n", is_dash
    while words and len(words[0]) > 1 and words[0][0] == "-" and not words[0][1:].strip("n" if is_dash else "neE"):
        word = words.pop(0)
        newline = "" if "n" in word else newline
        escapes = (escapes or "e" in word) and "E" not in word
    text = " ".join(words)
    if escapes:
        text, cut, _ = text.partition("\\c")
        text, newline = unescape(text), "" if cut else newline
    call.out(text + newline)
    return 0


def _is_dash(call: Call) -> bool:
    """Debian's sh knows only -n, and reads escapes without being asked."""
    return (
        call.process["kind"] == "shell" and call.machine.base.shell == "dash" and "bash" not in call.process["argv"][0]
    )


def printf(call: Call) -> int:
    if not call.args:
        return call.usage("usage: printf FORMAT [ARG]...")
    pattern, words = call.args[0], list(call.args[1:])
    out: list[str] = []
    while True:
        before = len(words)
        out.append(_once(call, pattern, words))
        if not words or len(words) == before:
            break
    call.out("".join(out))
    return int(call.failed)


def _once(call: Call, pattern: str, words: list[str]) -> str:
    out: list[str] = []
    at = 0
    literal = ""
    while at < len(pattern):
        char = pattern[at]
        if char != "%":
            literal += pattern[at : at + 2] if char == "\\" else char
            at += 2 if char == "\\" else 1
            continue
        out.append(unescape(literal))
        literal = ""
        end = at + 1
        while end < len(pattern) and pattern[end] in "-+ #0123456789.*":
            end += 1
        out.append(_convert(call, pattern[at : end + 1], words))
        at = end + 1
    out.append(unescape(literal))
    return "".join(out)


def _convert(call: Call, spec: str, words: list[str]) -> str:
    kind = spec[-1]
    if kind == "%" or len(spec) == 1:
        return "%"
    while "*" in spec:
        spec = spec.replace("*", str(whole(words.pop(0) if words else "") or 0), 1)
    if any(len(part) > 4 for part in spec[1:-1].replace(".", " ").split()):
        call.failed = True
        return ""
    word = words.pop(0) if words else ""
    if kind in "diouxX":
        return str(spec.replace("i", "d").replace("u", "d") % _integer(call, word))
    if kind in "eEfgG":
        return str(spec % _float(call, word))
    if kind == "c":
        return word[:1]
    if kind == "b":
        return str((spec[:-1] + "s") % unescape(word))
    if kind == "s":
        return str(spec % word)
    call.complain(f"{spec}: invalid format")
    call.failed = True
    return ""


def _integer(call: Call, word: str) -> int:
    if word[:1] in "'\"" and len(word) > 1:
        return ord(word[1])
    found = whole(word or "0")
    if found is None and word[:2] in ("0x", "0X") and len(word) <= LONGEST:
        with suppress(ValueError):
            return int(word, 16)
    return _invalid(call, word) if found is None else found


def _float(call: Call, word: str) -> float:
    found = decimal((word or "0").removeprefix("-"))
    return _invalid(call, word) if found is None else -found if word.startswith("-") else found


def _invalid(call: Call, word: str) -> int:
    call.complain(f"invalid number '{word}'")
    call.failed = True
    return 0
