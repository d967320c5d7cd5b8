"""curl: one URL after the other, over HTTP."""

from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from workloads.runtime import dialling
from workloads.runtime.binary import to_text
from workloads.runtime.dialling import Dialled
from workloads.runtime.errors import Usage
from workloads.runtime.numbers import decimal
from workloads.runtime.rawhttp import phrase
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call
from workloads.runtime.tools import url as urls
from workloads.runtime.tools.curlrequest import (
    LONG,
    TAKES,
    VERSION,
    Transfer,
    cookies_for,
    keep_cookies,
    patience_of,
    request_of,
    target_of,
)
from workloads.runtime.tools.curlverbose import WRONG_VERSION, distrusted, verbose
from workloads.runtime.tools.options import Options, read
from workloads.runtime.tools.url import Url

REDIRECTS = (301, 302, 303, 307, 308)
TRANSIENT = (408, 429, 500, 502, 503, 504)
MOST_HOPS = 50
UNTRUSTED = (
    "{why}\n"
    "More details here: https://curl.se/docs/sslcerts.html\n\n"
    "curl failed to verify the legitimacy of the server and therefore could not\n"
    "establish a secure connection to it. To learn more about this situation and\n"
    "how to fix it, please visit the web page mentioned above."
)
METER = ("  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
         "                                 Dload  Upload   Total   Spent    Left  Speed\n")  # fmt: skip


def curl(call: Call) -> int | None:
    try:
        options, words = read(call, LONG, TAKES)
    except Usage as problem:
        call.complain(str(problem).replace("unrecognized option '", "option ").removesuffix("'") + ": is unknown"
                      if "unrecog" in str(problem) else str(problem))  # fmt: skip
        call.complain("try 'curl --help' or 'curl --manual' for more information")
        return 2
    if "V" in options:
        call.out(f"curl {VERSION} (x86_64-pc-linux-gnu) libcurl/{VERSION}\nProtocols: http https\n")
        return 0
    words = [*options.all("url"), *words]
    if not words:
        call.complain("(2) no URL specified")
        return 2
    while (at := call.memory.setdefault("at", 0)) < len(words):
        code = _one(call, options, words[at], at)
        if code is None:
            return None
        call.memory = _next(call, at + 1, code)
    return int(call.memory.get("code", 0))


def _next(call: Call, at: int, code: int) -> dict[str, object]:
    call.process["memory"] = {"at": at, "code": code, "jar": call.memory.get("jar")}
    return call.process["memory"]  # type: ignore[no-any-return]


def _one(call: Call, options: Options, word: str, number: int) -> int | None:
    """One URL with its redirections and retries; curl's exit code, or None while it waits."""
    memory = call.memory
    url = urls.parse(memory.get("url") or word)
    if url is None:
        return Transfer(call, options, Url("http", "", 80, "/"), number).fail(
            3, "URL rejected: Malformed input to a URL function"
        )
    transfer = Transfer(call, options, url, number)
    if url.scheme not in urls.PORTS:
        return transfer.fail(1, f'Protocol "{url.scheme}" not supported')
    if call.now < memory.get("rest", 0):
        call.sleep(memory["rest"])
        return None
    found = dialling.dial(
        call,
        target_of(options, url),
        request_of(options, url, memory.get("hops", 0), cookies_for(transfer)),
        patience_of(options),
    )
    if found is None:
        return None
    memory["total"] = memory.get("total", 0) + found.took
    code = _finish(transfer, found)
    if code is not None and _again(transfer, found, code):
        return _one(call, options, word, number)
    return code


def _again(transfer: Transfer, found: Dialled, code: int) -> bool:
    """Whether --retry tries once more; it waits one second, then two, four, ..."""
    memory, options = transfer.call.memory, transfer.options
    tries = memory.get("tries", 0)
    is_transient = found.reason == "timeout" or found.status in TRANSIENT
    if tries >= transfer.call.number(options.last("retry", "0")) or not (is_transient or is_wanted(options, found)):
        return False
    fixed = decimal(options.last("retry-delay"))
    wait = round(fixed * SECOND) if fixed else min(2**tries, 600) * SECOND
    problem = "timeout" if found.reason == "timeout" else f"HTTP error {found.status}" if found.ok else found.reason
    transfer.say(f"Warning: Problem: {problem}. Will retry in {wait // SECOND} seconds. "
                 f"{transfer.call.number(options.last('retry', '0')) - tries} retries left.\n")  # fmt: skip
    kept = {
        "at": memory["at"],
        "tries": tries + 1,
        "rest": transfer.call.now + wait,
        "total": memory["total"],
        "jar": memory.get("jar"),
    }
    memory.clear()
    memory.update(kept)
    return True


def is_wanted(options: Options, found: Dialled) -> bool:
    """--retry-connrefused, --retry-all-errors."""
    return ("retry-connrefused" in options or "retry-all-errors" in options) and not found.ok


def _finish(transfer: Transfer, found: Dialled) -> int | None:
    """The answer is written out, or why there is none."""
    options, url = transfer.options, transfer.url
    if "v" in options:
        verbose(transfer, found)
    if not found.ok:
        code = transfer.fail(*_why(transfer, found))
        _write_out(transfer, found)
        return code
    why = distrusted(transfer, found)
    if why and "k" not in options:
        return transfer.fail(60, UNTRUSTED.format(why=why))
    keep_cookies(transfer, found)
    location = next((value for name, value in found.headers if name.lower() == "location"), "")
    if "L" in options and found.status in REDIRECTS and location:
        return _onward(transfer, url, found, location)
    code = 0
    if ("f" in options or "fail-with-body" in options) and found.status >= 400:
        code = transfer.fail(22, f"The requested URL returned error: {found.status}")
    if "f" not in options or not code:
        code = _deliver(transfer, found) or code
    _write_out(transfer, found)
    return code


def _why(transfer: Transfer, found: Dialled) -> tuple[int, str]:
    url, spent = transfer.url, found.took // MILLISECOND
    if found.reason == "bad address":
        return 6, f"Could not resolve host: {url.host}"
    if found.reason == "timeout" and ("m" in transfer.options or "connect-timeout" in transfer.options):
        return 28, f"Connection timed out after {spent} milliseconds"
    if found.reason == "timeout":
        return 28, f"Failed to connect to {url.host} port {url.port} after {spent} ms: Couldn't connect to server"
    if found.reason == "connection reset by peer":
        return 56, "Recv failure: Connection reset by peer"
    if found.reason == "wrong version number":
        return 35, WRONG_VERSION
    if found.reason == "EOF":
        return 52, "Empty reply from server"
    return 7, f"Failed to connect to {url.host} port {url.port} after {spent} ms: Couldn't connect to server"


def _onward(transfer: Transfer, url: Url, found: Dialled, location: str) -> int | None:
    call, memory = transfer.call, transfer.call.memory
    hops = memory.get("hops", 0) + 1
    to = urls.follow(url, location)
    if to is None or hops > MOST_HOPS:
        return transfer.fail(47, f"Maximum ({MOST_HOPS}) redirects followed")
    if "i" in transfer.options or "I" in transfer.options:
        call.out(_head(found))
    kept = {"at": memory["at"], "hops": hops, "url": str(to), "total": memory["total"], "jar": memory.get("jar")}
    memory.clear()
    memory.update(kept)
    return _one(call, transfer.options, str(to), transfer.number)


def _deliver(transfer: Transfer, found: Dialled) -> int:
    call, options = transfer.call, transfer.options
    shows_head = "i" in options or "I" in options
    text = (_head(found) if shows_head else "") + ("" if "I" in options else to_text(found.body))
    names = options.all("o")
    name = transfer.url.file if "O" in options else names[transfer.number] if transfer.number < len(names) else "-"
    if not ("s" in options or "no-progress-meter" in options) and not call.is_terminal(1 if name == "-" else 2):
        _meter(transfer, len(found.body))
    if name == "-":
        call.out(text)
        return 0
    if not name:
        return transfer.fail(23, "Remote file name has no length")
    if name == "/dev/null" or call.change("write", name, text, call.now):
        return 0
    return transfer.fail(23, "Failure writing output to destination")


def _meter(transfer: Transfer, size: int) -> None:
    spent = max(transfer.call.memory.get("total", 0), MILLISECOND)
    speed = min(size * SECOND // spent, 99_999)
    zero = "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
    transfer.say(f"{METER}\r{zero}\r100 {size:5}  100 {size:5}    0     0 {speed:6}      0 --:--:-- --:--:-- --:--:-- "
                 f"{speed:5}\n")  # fmt: skip


def _head(found: Dialled) -> str:
    lines = [f"HTTP/1.1 {found.status} {phrase(found.status)}", *(f"{name}: {value}" for name, value in found.headers)]
    return "\r\n".join(lines) + "\r\n\r\n"


def _write_out(transfer: Transfer, found: Dialled) -> None:
    text = transfer.options.last("w")
    if not text:
        return
    total = transfer.call.memory.get("total", found.took)
    facts = {
        "http_code": f"{found.status:03}", "response_code": f"{found.status:03}", "time_total": _seconds(total),
        "time_namelookup": _seconds(found.lookup), "time_connect": _seconds(min(found.lookup + 200, found.took)),
        "time_starttransfer": _seconds(found.took), "size_download": str(len(found.body)), "exitcode": "0",
        "remote_ip": found.address, "remote_port": str(transfer.url.port), "url_effective": str(transfer.url),
        "num_redirects": str(transfer.call.memory.get("hops", 0)), "http_version": "1.1", "errormsg": "",
        "content_type": next((value for name, value in found.headers if name.lower() == "content-type"), ""),
        "redirect_url": next((value for name, value in found.headers if name.lower() == "location"), ""),
    }  # fmt: skip
    for name, value in facts.items():
        text = text.replace(f"%{{{name}}}", value)
    transfer.call.out(unescape(text))


def _seconds(time: Time) -> str:
    return f"{time // SECOND}.{time % SECOND:06}"
