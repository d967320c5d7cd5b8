"""perl, as far as the documentation runs it: print of texts, sums and bpi(N), the classic job that prints pi."""

import re
from math import isqrt

from workloads.runtime.numbers import is_digits
from workloads.runtime.shell.arithmetic import Wrong, evaluate
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call

MOST_DIGITS = 20_000
PI = re.compile(r"print\s*\(?\s*bpi\s*\(?\s*(\d+)\s*\)?\s*\)?\s*;?\s*")
TEXT = re.compile(r"""(?:print|say)\s*\(?\s*("(?:\\.|[^"\\$@])*"|'[^']*'|[\d\s+*/().-]+)\s*\)?\s*;?\s*""")


def perl(call: Call) -> int | None:
    script, newline = None, ""
    words = list(call.args)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word == "-v" or word == "--version":
            minor = call.machine.image.version.partition(".")[2].partition(".")[0] or "36"
            call.out(f"\nThis is perl 5, version {minor}, subversion 0 built for x86_64-linux-gnu\n")
            return 0
        if word.startswith("-M"):
            continue
        newline = "\n" if "l" in word.rstrip("eE") else newline
        if word.endswith(("e", "E")) and words:
            script = words.pop(0)
    if script is None:
        return _refuse(call, "only -e scripts are simulated here")
    found = PI.fullmatch(script.strip())
    if found:
        return _pi(call, int(found[1][:9]), newline)
    return _statements(call, script, newline)


def _pi(call: Call, digits: int, newline: str) -> int | None:
    """Computed at the end of as much CPU as it takes."""
    if not 0 < digits <= MOST_DIGITS:
        return _refuse(call, "Out of memory!")
    cost = digits * digits * 30_000 // (2_000 * 2_000) + 500
    left = call.memory.setdefault("left", cost)
    if left > 0:
        call.machine.fuel += min(left, 100)
        call.memory["left"] = left - 100
        return None
    call.out(pi(digits) + newline)
    return 0


def pi(digits: int) -> str:
    """So many significant digits, rounded as bignum rounds."""
    value = (_pi_times(digits + 9) // 10**8 + 5) // 10
    whole = _decimal(value, digits)
    return whole[0] + ("." + whole[1:] if digits > 1 else "")


def _decimal(value: int, digits: int) -> str:
    """Python itself refuses to print a number of more than 4,300 digits."""
    if digits <= 4000:
        return str(value).rjust(digits, "0")
    half = digits // 2
    high, low = divmod(value, 10**half)
    return _decimal(high, digits - half) + _decimal(low, half)


def _pi_times(digits: int) -> int:
    """pi * 10 ** (digits - 1), by Chudnovsky's series, split in halves; at most MOST_DIGITS."""
    one = 10 ** (digits - 1)
    terms = digits // 14 + 2
    _, q, t = _split(0, terms)
    return int(q * 426880 * isqrt(10005 * one * one) // t)


def _split(begin: int, end: int) -> tuple[int, int, int]:
    if end - begin == 1:
        if begin == 0:
            return 1, 1, 13591409
        p = (6 * begin - 5) * (2 * begin - 1) * (6 * begin - 1)
        q = begin**3 * 10939058860032000
        return p, q, (-1) ** begin * p * (13591409 + 545140134 * begin)
    middle = (begin + end) // 2
    p1, q1, t1 = _split(begin, middle)
    p2, q2, t2 = _split(middle, end)
    return p1 * p2, q1 * q2, q2 * t1 + p1 * t2


def _statements(call: Call, script: str, newline: str) -> int:
    rest = script.strip()
    while rest:
        found = TEXT.match(rest)
        if found is None:
            return _refuse(call, f"this is not simulated: {rest[:60]}")
        call.out(_value(found[1]) + (newline or ("\n" if rest.startswith("say") else "")))
        rest = rest[found.end() :]
    return 0


def _value(text: str) -> str:
    text = text.strip()
    if text[0] == '"':
        return unescape(text[1:-1])
    if text[0] == "'":
        return text[1:-1]
    return text if is_digits(text) else _sum(text)


def _sum(text: str) -> str:
    try:
        return str(evaluate(text, {}))
    except Wrong:
        return ""


def _refuse(call: Call, why: str) -> int:
    call.machine.write(call.process, 2, f"perl: {why}\n")
    return 1
