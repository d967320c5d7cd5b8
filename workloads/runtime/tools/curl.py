"""curl: one URL after the other, over HTTP."""

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

from clusters.kernel import Request
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
from workloads.runtime.tools.options import Options, read
from workloads.runtime.tools.url import Url

VERSION = "8.5.0"
LONG = {
    "silent": "s", "show-error": "S", "output": "o", "remote-name": "O", "head": "I", "include": "i", "verbose": "v",
    "location": "L", "request": "X", "data": "d", "data-raw": "d", "data-binary": "d", "data-urlencode": "E",
    "header": "H", "insecure": "k", "max-time": "m", "connect-timeout": "C", "retry": "R", "retry-delay": "D",
    "retry-connrefused": "Z", "retry-all-errors": "Z", "retry-max-time": "M", "write-out": "w", "resolve": "r",
    "user": "u", "user-agent": "A", "fail": "f", "fail-with-body": "F", "cacert": "c", "cert": "e", "key": "K",
    "cookie": "b", "cookie-jar": "j", "form": "n", "referer": "y", "max-redirs": "x", "compressed": "Y",
    "no-progress-meter": "N", "get": "G", "http1.1": "1", "http2": "2", "http1.0": "0", "ipv4": "4", "ipv6": "6",
    "version": "V", "help": "h", "noproxy": "q", "connect-to": "t", "no-buffer": "Q", "url": "U", "json": "J",
    "globoff": "g", "parallel": "P", "keepalive-time": "T", "path-as-is": "a", "no-keepalive": "l", "trace-time": "z",
}  # fmt: skip
TAKES = "oXdEHmCRDMwruAcebjKnyxqtUJT"
SHORT = {
    "Z": "P",
    "N": "Q",
    "c": "j",
    "E": "e",
    "F": "n",
    "D": "W",
    "e": "y",
    "x": "p",
    "b": "b",
}  # short ones that mean something else
REDIRECTS = (301, 302, 303, 307, 308)
TRANSIENT = (408, 429, 500, 502, 503, 504)
MOST_HOPS = 50
UNTRUSTED = (
    "SSL certificate problem: unable to get local issuer certificate\n"
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
    words = [*options.all("U"), *words]
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
    call.process["memory"] = {"at": at, "code": code}
    return call.process["memory"]  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Transfer:
    call: Call
    options: Options
    url: Url
    number: int  # which URL of the command line

    def say(self, text: str) -> None:
        self.call.machine.write(self.call.process, 2, text)

    def fail(self, code: int, text: str) -> int:
        if "s" not in self.options or "S" in self.options:
            self.say(f"curl: ({code}) {text}\n")
        return code


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
        call, _target(options, url), _request(options, url, memory.get("hops", 0)), _patience(options)
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
    if tries >= transfer.call.number(options.last("R", "0")) or not (is_transient or ("Z" in options and not found.ok)):
        return False
    fixed = decimal(options.last("D"))
    wait = round(fixed * SECOND) if fixed else min(2**tries, 600) * SECOND
    problem = "timeout" if found.reason == "timeout" else f"HTTP error {found.status}" if found.ok else found.reason
    transfer.say(f"Warning: Problem: {problem}. Will retry in {wait // SECOND} seconds. "
                 f"{transfer.call.number(options.last('R', '0')) - tries} retries left.\n")  # fmt: skip
    kept = {"at": memory["at"], "tries": tries + 1, "rest": transfer.call.now + wait, "total": memory["total"]}
    memory.clear()
    memory.update(kept)
    return True


def _target(options: Options, url: Url) -> str:
    """--resolve HOST:PORT:ADDRESS answers before anybody is asked."""
    for entry in options.all("r"):
        host, _, rest = entry.partition(":")
        port, _, address = rest.partition(":")
        if host in (url.host, "*") and port == str(url.port):
            return address
    return url.host


def _request(options: Options, url: Url, hops: int = 0) -> Request:
    headers = [("Host", url.authority), ("User-Agent", options.last("A") or f"curl/{VERSION}"), ("Accept", "*/*")]
    user = options.last("u") or url.user
    if user:
        headers.append(("Authorization", "Basic " + b64encode(user.encode()).decode()))
    if "b" in options:
        headers.append(("Cookie", options.last("b")))
    body = _body(options) if not hops or "X" in options else None
    if body is not None and "G" not in options:
        kind = "application/json" if "J" in options else "application/x-www-form-urlencoded"
        headers.extend([("Content-Length", str(len(body))), ("Content-Type", kind)])
    for line in options.all("H"):
        name, colon, value = line.partition(":")
        headers = [header for header in headers if header[0].lower() != name.strip().lower()]
        if colon and value.strip():
            headers.append((name.strip(), value.strip()))
    if "G" in options and body:
        path = f"{url.path}{'&' if '?' in url.path else '?'}{body.decode()}"
        return urls.request(Url(url.scheme, url.host, url.port, path), _method(options, body), headers)
    return urls.request(url, _method(options, body), headers, body or b"")


def _method(options: Options, body: bytes | None) -> str:
    if "X" in options:
        return options.last("X")
    if "I" in options:
        return "HEAD"
    return "POST" if body is not None and "G" not in options else "GET"


def _body(options: Options) -> bytes | None:
    parts = [*options.all("d"), *options.all("J"), *options.all("n")]
    for part in options.all("E"):
        name, equals, value = part.partition("=")
        parts.append(f"{name}={quote(value)}" if equals and name else quote(value or name))
    return "&".join(parts).encode() if parts else None


def _patience(options: Options) -> Time | None:
    given = [seconds for letter in "mC" if (seconds := decimal(options.last(letter))) is not None and letter in options]
    return round(min(given) * SECOND) if given else None


def _finish(transfer: Transfer, found: Dialled) -> int | None:
    """The answer is written out, or why there is none."""
    options, url = transfer.options, transfer.url
    if "v" in options:
        _verbose(transfer, found)
    if not found.ok:
        code = transfer.fail(*_why(transfer, found))
        _write_out(transfer, found)
        return code
    if (
        url.scheme == "https" and "k" not in options and "c" not in options
    ):  # nobody here has a certificate that all know
        return transfer.fail(60, UNTRUSTED)
    location = next((value for name, value in found.headers if name.lower() == "location"), "")
    if "L" in options and found.status in REDIRECTS and location:
        return _onward(transfer, url, found, location)
    code = 0
    if ("f" in options or "F" in options) and found.status >= 400:
        code = transfer.fail(22, f"The requested URL returned error: {found.status}")
    if "f" not in options or not code:
        code = _deliver(transfer, found) or code
    _write_out(transfer, found)
    return code


def _why(transfer: Transfer, found: Dialled) -> tuple[int, str]:
    url, spent = transfer.url, found.took // MILLISECOND
    if found.reason == "bad address":
        return 6, f"Could not resolve host: {url.host}"
    if found.reason == "timeout" and ("m" in transfer.options or "C" in transfer.options):
        return 28, f"Connection timed out after {spent} milliseconds"
    if found.reason == "timeout":
        return 28, f"Failed to connect to {url.host} port {url.port} after {spent} ms: Couldn't connect to server"
    if found.reason == "connection reset by peer":
        return 56, "Recv failure: Connection reset by peer"
    if found.reason == "wrong version number":
        return 35, "OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number"
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
    kept = {"at": memory["at"], "hops": hops, "url": str(to), "total": memory["total"]}
    memory.clear()
    memory.update(kept)
    return _one(call, transfer.options, str(to), transfer.number)


def _deliver(transfer: Transfer, found: Dialled) -> int:
    call, options = transfer.call, transfer.options
    shows_head = "i" in options or "I" in options
    text = (_head(found) if shows_head else "") + ("" if "I" in options else to_text(found.body))
    names = options.all("o")
    name = transfer.url.file if "O" in options else names[transfer.number] if transfer.number < len(names) else "-"
    if "s" not in options and "N" not in options and not call.is_terminal(1 if name == "-" else 2):
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


def _verbose(transfer: Transfer, found: Dialled) -> None:
    url, say = transfer.url, transfer.say
    if not found.address:
        say(f"* Could not resolve host: {url.host}\n* Closing connection\n")
        return
    if found.address != url.host:
        say(f"* Host {url.host}:{url.port} was resolved.\n* IPv6: (none)\n* IPv4: {found.address}\n")
    say(f"*   Trying {found.address}:{url.port}...\n")
    if not found.ok:
        say(f"* connect to {found.address} port {url.port} failed: {found.words}\n* Closing connection\n")
        return
    request = _request(transfer.options, url)
    sent = "".join(f"> {name}: {value}\n" for name, value in request.headers)
    got = "".join(f"< {name}: {value}\n" for name, value in found.headers)
    say(f"* Connected to {url.host} ({found.address}) port {url.port}\n> {request.method} {request.path} HTTP/1.1\n"
        f"{sent}> \n< HTTP/1.1 {found.status} {phrase(found.status)}\n{got}< \n"
        f"{{ [{len(found.body)} bytes data]\n* Connection #0 to host {url.host} left intact\n")  # fmt: skip


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
