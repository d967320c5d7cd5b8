"""CoreDNS: who asks for a name gets the Corefile that it runs with, and networking answers by it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from clusters.kernel import Outcome, Request
from clusters.reconcile.clock import SECOND
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Served, Server, flag, number
from workloads.images.behaviours.http import http, other_protocol, path_of

DNS, HEALTH, READY, METRICS = 53, 8080, 8181, 9153
REMEMBERED = 1000  # answers; CoreDNS' own default is ten times as many
OPENED = {"health": HEALTH, "ready": READY, "prometheus": METRICS}
DEFAULT = ".:53 {\n    whoami\n    log\n}\n"
PLUGINS = (
    "root", "metadata", "geoip", "cancel", "tls", "quic", "timeouts", "multisocket", "reload", "nsid",
    "bufsize", "bind", "debug", "trace", "ready", "health", "pprof", "prometheus", "errors", "log", "dnstap",
    "local", "dns64", "acl", "any", "chaos", "loadbalance", "tsig", "cache", "rewrite", "header", "dnssec",
    "autopath", "minimal", "template", "transfer", "hosts", "route53", "azure", "clouddns", "k8s_external",
    "kubernetes", "file", "auto", "secondary", "etcd", "loop", "forward", "grpc", "erratic", "whoami", "on",
    "sign", "view", "nomad", "import",
)  # fmt: skip


def answer(server: Server, request: Request) -> Outcome:
    if request.protocol == "dns":
        return asked(server, request)
    found = other_protocol(request)
    if found is not None:
        return found
    path = path_of(request)
    if (request.port, path) in ((HEALTH, "/health"), (READY, "/ready")):
        return http(200, "OK")
    if request.port == METRICS and path == "/metrics":
        build = f'coredns_build_info{{goversion="go1.24.1",revision="707c7c1",version="{server.image.version}"}} 1\n'
        return http(200, build)
    return http(404, "404 page not found\n")


def serve(server: Server, request: Request) -> Served:
    """An answer that it is to remember (method STORE) goes into its memory; all else leaves nothing behind."""
    if request.protocol != "dns" or request.method != "STORE":
        return Served(answer(server, request))
    cache = {key: one for key, one in server.state.get("cache", {}).items() if one["until"] > server.now}
    kept = dict(list(cache.items())[-REMEMBERED:])
    until = server.now + number(request.service, 0) * SECOND
    kept[request.path] = {"until": until, "answer": request.body.decode()}
    return Served(Outcome(ok=True), state={**server.state, "cache": kept})


def asked(server: Server, request: Request) -> Outcome:
    """On its DNS port it says what it remembers of the question, or by which rules it answers."""
    if request.port != DNS:
        return Outcome(ok=False, reason="connection refused")
    known = server.state.get("cache", {}).get(request.path)
    if known and known["until"] > server.now:
        left = (known["until"] - server.now) // SECOND
        headers = (("Server", "CoreDNS"), ("Remembered", str(left)))
        return Outcome(ok=True, headers=headers, body=known["answer"].encode(), takes=ANSWERS_IN)
    text = running(server).encode()
    return Outcome(ok=True, headers=(("Server", "CoreDNS"),), body=text, takes=ANSWERS_IN)


def running(server: Server) -> str:
    """With `reload` a changed Corefile counts, unless it is wrong; without, the one it started with."""
    began = str(server.state.get("corefile", DEFAULT))
    now = corefile(server)
    reloads = any(word == "reload" for _, word in directives(began))
    return now if reloads and not problem(now, server) else began


def corefile(server: Server) -> str:
    """The file that -conf names."""
    text = server.read(path(server))
    return DEFAULT if text is None else text


def path(server: Server) -> str:
    return flag(server.argv, "conf", "/Corefile")


@lru_cache(maxsize=64)  # the file is asked about with every name that is looked up
def directives(text: str) -> tuple[tuple[int, str], ...]:
    """(line, plugin) for each directive of a server block, not what stands in its own braces."""
    return tuple(_directives(text))


def _directives(text: str) -> Iterator[tuple[int, str]]:
    depth = 0
    for at, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if depth == 1 and words and words[0] not in ("{", "}"):
            yield at, words[0]
        depth += words.count("{") - words.count("}")


def problem(text: str, server: Server) -> str:
    """Why CoreDNS would not start with this; "" when it would."""
    at, wrong = flaw(text)
    return f"{path(server)}:{at} - Error during parsing: {wrong}" if wrong else ""


@lru_cache(maxsize=64)
def flaw(text: str) -> tuple[int, str]:
    """The line and what is wrong with it; "" when nothing is."""
    for at, word in directives(text):
        if word not in PLUGINS:
            return at, f"Unknown directive '{word}'"
    words = [word for line in text.splitlines() for word in line.split("#")[0].split()]
    if words.count("{") > words.count("}"):
        return len(text.splitlines()), "Unexpected EOF"
    return 0, ""


def quits(server: Server) -> tuple[int, str] | None:
    wrong = problem(corefile(server), server)
    return (1, wrong) if wrong else None


def ports(server: Server) -> tuple[int, ...]:
    """A plugin that is not there opens no port: without `ready` nobody is ready."""
    named = [word for _, word in directives(corefile(server))]
    return (DNS, *(port for name, port in OPENED.items() if name in named))


def begins(server: Server) -> Mapping[str, Any]:
    return {"corefile": corefile(server)}


COREDNS = Behaviour("coredns", answer, ports, quits, serve=serve, begins=begins)
