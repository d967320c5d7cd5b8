"""What curl sends: its options, the request that they make of a URL, and the cookies that go with it."""

from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

from clusters.kernel import Request
from clusters.reconcile.clock import SECOND, Time
from workloads.runtime.dialling import Dialled
from workloads.runtime.numbers import decimal
from workloads.runtime.tool import Call
from workloads.runtime.tools import cookies
from workloads.runtime.tools import url as urls
from workloads.runtime.tools.options import Options
from workloads.runtime.tools.url import Url

VERSION = "8.5.0"
LONG = {
    "silent": "s", "show-error": "S", "output": "o", "remote-name": "O", "head": "I", "include": "i", "verbose": "v",
    "location": "L", "request": "X", "data": "d", "data-raw": "d", "data-binary": "d", "header": "H", "insecure": "k",
    "max-time": "m", "write-out": "w", "user": "u", "user-agent": "A", "fail": "f", "cert": "E", "cookie": "b",
    "cookie-jar": "c", "form": "F", "referer": "e", "get": "G", "http1.0": "0", "ipv4": "4", "ipv6": "6",
    "version": "V", "help": "h", "no-buffer": "N", "globoff": "g", "parallel": "Z", "proxy": "x", "progress-bar": "#",
    "dump-header": "D", "range": "r",
    **{name: name for name in (
        "connect-timeout", "retry", "retry-delay", "retry-connrefused", "retry-all-errors", "retry-max-time", "resolve",
        "fail-with-body", "cacert", "key", "max-redirs", "compressed", "no-progress-meter", "data-urlencode", "http1.1",
        "http2", "noproxy", "connect-to", "url", "json", "path-as-is", "no-keepalive", "keepalive-time", "trace-time",
    )},
}  # fmt: skip
TAKES = (*"oXdHmwuAEbcFexDr", "connect-timeout", "retry", "retry-delay", "retry-max-time", "resolve", "cacert", "key",
         "max-redirs", "data-urlencode", "noproxy", "connect-to", "url", "json", "keepalive-time")  # fmt: skip


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


def target_of(options: Options, url: Url) -> str:
    """--resolve HOST:PORT:ADDRESS answers before anybody is asked."""
    for entry in options.all("resolve"):
        host, _, rest = entry.partition(":")
        port, _, address = rest.partition(":")
        if host in (url.host, "*") and port == str(url.port):
            return address
    return url.host


def request_of(options: Options, url: Url, hops: int = 0, cookie: str = "") -> Request:
    headers = [("Host", url.authority), ("User-Agent", options.last("A") or f"curl/{VERSION}"), ("Accept", "*/*")]
    user = options.last("u") or url.user
    if user:
        headers.append(("Authorization", "Basic " + b64encode(user.encode()).decode()))
    if cookie:
        headers.append(("Cookie", cookie))
    body = body_of(options) if not hops or "X" in options else None
    if body is not None and "G" not in options:
        kind = "application/json" if "json" in options else "application/x-www-form-urlencoded"
        headers.extend([("Content-Length", str(len(body))), ("Content-Type", kind)])
    for line in options.all("H"):
        name, colon, value = line.partition(":")
        headers = [header for header in headers if header[0].lower() != name.strip().lower()]
        if colon and value.strip():
            headers.append((name.strip(), value.strip()))
    if "G" in options and body:
        path = f"{url.path}{'&' if '?' in url.path else '?'}{body.decode()}"
        return urls.request(Url(url.scheme, url.host, url.port, path), method_of(options, body), headers)
    return urls.request(url, method_of(options, body), headers, body or b"")


def cookies_for(transfer: Transfer) -> str:
    """What -b says, and what the jar has for this host. It is asked once a request."""
    call, options, url = transfer.call, transfer.options, transfer.url
    given = options.last("b")
    if "b" not in options and "c" not in options:
        return ""
    if call.memory.get("jar") is None:
        is_file = given and "=" not in given
        call.memory["jar"] = cookies.load(call.files.read(given) or "") if is_file else []
    if "cookie" not in call.memory:
        path, now = url.path.partition("?")[0], call.now // SECOND
        held = cookies.header(call.memory["jar"], named(options, url), path, is_tls=url.scheme == "https", now=now)
        call.memory["cookie"] = "; ".join(one for one in (given if "=" in given else "", held) if one)
    return str(call.memory["cookie"])


def named(options: Options, url: Url) -> str:
    """The host that the cookies are for: a Host header of one's own comes first."""
    own = [line.partition(":")[2].strip() for line in options.all("H") if line.lower().startswith("host:")]
    return (own[-1] if own else url.host).partition(":")[0].lower()


def keep_cookies(transfer: Transfer, found: Dialled) -> None:
    """What has come is known from now on; -c writes it down."""
    call, options = transfer.call, transfer.options
    if call.memory.get("jar") is None:
        return
    given = [value for name, value in found.headers if name.lower() == "set-cookie"]
    jar = cookies.after(call.memory["jar"], given, named(options, transfer.url), call.now // SECOND)
    call.memory["jar"] = jar
    if options.last("c") == "-":
        call.out(cookies.dump(jar))
    elif "c" in options:
        call.change("write", options.last("c"), cookies.dump(jar), call.now)


def method_of(options: Options, body: bytes | None) -> str:
    if "X" in options:
        return options.last("X")
    if "I" in options:
        return "HEAD"
    return "POST" if body is not None and "G" not in options else "GET"


def body_of(options: Options) -> bytes | None:
    parts = [*options.all("d"), *options.all("json"), *options.all("F")]
    for part in options.all("data-urlencode"):
        name, equals, value = part.partition("=")
        parts.append(f"{name}={quote(value)}" if equals and name else quote(value or name))
    return "&".join(parts).encode() if parts else None


def patience_of(options: Options) -> Time | None:
    given = [
        seconds
        for letter in ("m", "connect-timeout")
        if (seconds := decimal(options.last(letter))) is not None and letter in options
    ]
    return round(min(given) * SECOND) if given else None
