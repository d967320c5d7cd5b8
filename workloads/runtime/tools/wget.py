"""wget: BusyBox's, and GNU's in Debian's images."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from clusters.kernel import Request
from clusters.reconcile.clock import SECOND, Time
from workloads.runtime import dialling
from workloads.runtime.binary import to_text
from workloads.runtime.dialling import Dialled
from workloads.runtime.numbers import decimal
from workloads.runtime.rawhttp import phrase
from workloads.runtime.server import date_of
from workloads.runtime.tool import GNU, Call
from workloads.runtime.tools import url as urls
from workloads.runtime.tools.options import Options, read
from workloads.runtime.tools.url import Url

LONG = {"quiet": "q", "output-document": "O", "timeout": "T", "tries": "t", "server-response": "S", "header": "H",
        "post-data": "D", "no-check-certificate": "k", "user-agent": "U", "spider": "p", "continue": "c",
        "directory-prefix": "P", "no-verbose": "N", "method": "M", "body-data": "B", "max-redirect": "R",
        "connect-timeout": "T", "output-file": "o", "no-proxy": "y", "tries=": "t"}  # fmt: skip
TAKES = "OTtHDUPYMBRo"
REDIRECTS = (301, 302, 303, 307, 308)
MOST = 5  # redirections


def wget(call: Call) -> int | None:
    if "-nv" in call.args:
        call.args[call.args.index("-nv")] = "-N"
    options, words = read(call, LONG, TAKES)
    if not words:
        return call.usage("missing URL" if call.machine.image.base in GNU else "usage: wget [-cqS] [-O FILE] URL...")
    url = urls.parse(call.memory.get("url") or words[0])
    if url is None or url.scheme not in urls.PORTS:
        return call.usage(f"bad address '{words[0]}'" if url is None else f"not an http or ftp url: {words[0]}")
    style = Gnu(call, options, url) if call.machine.image.base in GNU else BusyBox(call, options, url)
    found = dialling.dial(call, url.host, _request(options, url, call.memory), _patience(options))
    if not call.memory.get("told") and call.memory["dial"]["address"]:
        call.memory["told"] = True
        style.begin(call.memory["dial"]["address"])
    if found is None:
        return None
    if not found.ok:
        return style.unreached(found)
    if "S" in options:
        lines = "".join(f"  {name}: {value}\n" for name, value in found.headers)
        call.machine.write(call.process, 2, f"  HTTP/1.1 {found.status} {phrase(found.status)}\n{lines}")
    if found.status in REDIRECTS and call.memory.get("hops", 0) < MOST:
        return _onward(call, url, found)
    if found.status >= 400:
        return style.refused(found)
    return style.done(found, _target(call, options, url))


def _request(options: Options, url: Url, memory: Mapping[str, Any]) -> Request:
    headers = [("Host", url.authority), ("User-Agent", options.last("U") or "Wget"), ("Connection", "close")]
    for line in options.all("H"):
        name, _, value = line.partition(":")
        headers.append((name.strip(), value.strip()))
    if url.user:
        headers.append(("Authorization", "Basic " + b64encode(url.user.encode()).decode()))
    if memory.get("hops"):  # a redirection is followed with GET
        return urls.request(url, "GET", headers)
    body = (options.last("D") or options.last("B")).encode()
    if "D" in options:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    method = options.last("M") or ("POST" if "D" in options else "HEAD" if "p" in options else "GET")
    return urls.request(url, method, headers, body)


def _patience(options: Options) -> Time | None:
    seconds = decimal(options.last("T"))
    return round(seconds * SECOND) if seconds else None


def _onward(call: Call, url: Url, found: Dialled) -> int | None:
    location = next((value for name, value in found.headers if name.lower() == "location"), "")
    to = urls.follow(url, location)
    if to is None:
        return call.usage("bad redirection")
    hops = call.memory.get("hops", 0) + 1
    call.memory.clear()
    call.memory.update(url=str(to), hops=hops)
    return wget(call)


def _target(call: Call, options: Options, url: Url) -> str:
    name = options.last("O")
    return name or f"{options.last('P').rstrip('/') + '/' if 'P' in options else ''}{url.file or 'index.html'}"


class BusyBox:
    def __init__(self, call: Call, options: Options, url: Url) -> None:
        self.call, self.options, self.url = call, options, url

    def begin(self, address: str) -> None:
        self.say(f"Connecting to {self.url.host}:{self.url.port} ({address}:{self.url.port})\n"
                 if self.url.port != 80 else f"Connecting to {self.url.host} ({address}:80)\n")  # fmt: skip

    def say(self, text: str) -> None:
        if "q" not in self.options:
            self.call.machine.write(self.call.process, 2, text)

    def unreached(self, found: Dialled) -> int:
        if found.reason == "bad address":
            return self.call.usage(f"bad address '{self.url.host}'")
        if found.reason == "timeout" and "T" in self.options:
            return self.call.usage("download timed out")
        if found.reason in dialling.WORDS:
            return self.call.usage(f"can't connect to remote host ({found.address}): {found.words}")
        return self.call.usage("error getting response")

    def refused(self, found: Dialled) -> int:
        return self.call.usage(f"server returned error: HTTP/1.1 {found.status} {phrase(found.status)}")

    def done(self, found: Dialled, name: str) -> int:
        if "p" in self.options:
            self.say("remote file exists\n")
            return 0
        text, size = to_text(found.body), len(found.body)
        bar = f"{'-' if name == '-' else name[:20]:20} 100% |{'*' * 32}| {size:5}  0:00:00 ETA\n"
        if name == "-":
            self.say("writing to stdout\n")
            self.call.out(text)
            self.say(bar + "written to stdout\n")
            return 0
        self.say(f"saving to '{name}'\n")
        if name != "/dev/null" and not self.call.change("write", name, text, self.call.now):
            return 1
        self.say(f"{bar}'{name}' saved\n")
        return 0


class Gnu(BusyBox):
    def begin(self, address: str) -> None:
        u = self.url
        named = f"{u.host}|{address}|" if address != u.host else u.host
        self.say(f"--{date_of(self.call.now):%Y-%m-%d %H:%M:%S}--  {u}\n")
        if address != u.host:
            self.say(f"Resolving {u.host} ({u.host})... {address}\n")
        self.say(f"Connecting to {named.removesuffix('|') + '|' if '|' in named else named}:{u.port}... ")

    def unreached(self, found: Dialled) -> int:
        if found.reason == "bad address":
            host = self.url.host
            self.say(f"--{date_of(self.call.now):%Y-%m-%d %H:%M:%S}--  {self.url}\n")
            self.say(f"Resolving {host} ({host})... failed: Name or service not known.\n")
            self.call.complain(f"unable to resolve host address '{host}'")
            return 4
        self.say(f"failed: {found.words}.\n")
        return 4

    def refused(self, found: Dialled) -> int:
        self.say(f"connected.\nHTTP request sent, awaiting response... {found.status} {phrase(found.status)}\n")
        self.say(f"{date_of(self.call.now):%Y-%m-%d %H:%M:%S} ERROR {found.status}: {phrase(found.status)}.\n\n")
        return 8

    def done(self, found: Dialled, name: str) -> int:
        size = len(found.body)
        kind = next((value for key, value in found.headers if key.lower() == "content-type"), "").partition(";")[0]
        self.say(f"connected.\nHTTP request sent, awaiting response... {found.status} {phrase(found.status)}\n")
        if "p" in self.options:
            self.say("Remote file exists.\n\n")
            return 0
        self.say(f"Length: {size} [{kind}]\nSaving to: '{'STDOUT' if name == '-' else name}'\n\n")
        if name == "-":
            self.call.out(to_text(found.body))
        elif name != "/dev/null" and not self.call.change("write", name, to_text(found.body), self.call.now):
            return 3
        saved = "written to stdout" if name == "-" else f"'{name}' saved"
        self.say(f"\n{date_of(self.call.now):%Y-%m-%d %H:%M:%S} (1.00 MB/s) - {saved} [{size}/{size}]\n\n")
        return 0
