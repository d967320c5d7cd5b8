"""date and uptime: cluster time, in UTC."""

from datetime import datetime

from clusters.reconcile.clock import SECOND, parse
from workloads.runtime.numbers import is_digits
from workloads.runtime.server import date_of
from workloads.runtime.tool import Call, flags


def date(call: Call) -> int:
    options, words = flags([word for word in call.args if not word.startswith("-I")], takes="dr")
    when = call.now
    if "d" in options:
        found = _given(options["d"])
        if found is None:
            return call.usage(f"invalid date '{options['d']}'")
        when = found
    pattern = words[0][1:] if words and words[0].startswith("+") else "%a %b %e %H:%M:%S UTC %Y"
    iso = next((word for word in call.args if word.startswith("-I")), "")
    if iso:
        pattern = "%Y-%m-%d" if iso == "-I" else "%Y-%m-%dT%H:%M:%S+00:00"
    call.out(_format(date_of(when), pattern, when) + "\n")
    return 0


def _given(text: str) -> int | None:
    if text.startswith("@") and is_digits(text[1:]) and len(text) < 13:
        return int(text[1:]) * SECOND
    try:
        return parse(text if "+" in text or text.endswith("Z") else text + "+00:00")
    except ValueError:
        return None


def _format(when: datetime, pattern: str, now: int) -> str:
    """What the host's strftime would do differently from machine to machine is done here."""
    known = {"%s": str(now // SECOND), "%N": f"{now % SECOND * 1000:09d}", "%e": f"{when.day:2}", "%Z": "UTC",
             "%z": "+0000", "%n": "\n", "%t": "\t", "%T": f"{when:%H:%M:%S}",
             "%F": f"{when:%Y-%m-%d}", "%D": f"{when:%m/%d/%y}",
             "%R": f"{when:%H:%M}", "%c": f"{when:%a %b} {when.day:2} {when:%H:%M:%S %Y}", "%%": "%"}  # fmt: skip
    out, at = [], 0
    while at < len(pattern):
        code = pattern[at : at + 2]
        if code[0] != "%" or len(code) < 2:
            out.append(code[0])
            at += 1
            continue
        plain = code[1] in "aAbBdHIjmMpSuUVwyY"
        out.append(known.get(code) or (when.strftime(code) if plain else code))
        at += 2
    return "".join(out)


def uptime(call: Call) -> int:
    minutes = (call.now - call.machine.run["began"]) // SECOND // 60
    call.out(f" {date_of(call.now):%H:%M:%S} up {minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n")
    return 0
