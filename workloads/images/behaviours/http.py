"""Answers in HTTP, and what a server says to a client that speaks something else."""

from datetime import UTC, datetime, timedelta

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import ANSWERS_IN, Server

MOMENT = datetime(1970, 1, 1, tzinfo=UTC)

TYPES = {"html": "text/html", "htm": "text/html", "txt": "text/plain", "json": "application/json", "css": "text/css",
         "js": "application/javascript", "svg": "image/svg+xml", "xml": "text/xml"}  # fmt: skip
CONNECTED = Outcome(ok=True, takes=ANSWERS_IN)


def http(status: int, body: str, kind: str = "text/plain; charset=utf-8", server: str = "") -> Outcome:
    data = body.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(data)))]
    if server:
        headers.insert(0, ("Server", server))
    return Outcome(ok=True, status=status, headers=tuple(headers), body=data, takes=ANSWERS_IN)


def moved(to: str, status: int = 302) -> Outcome:
    headers = (("Location", to), ("Content-Length", "0"))
    return Outcome(ok=True, status=status, headers=headers, takes=ANSWERS_IN)


def other_protocol(request: Request) -> Outcome | None:
    """A bare TCP connection is accepted; gRPC breaks on a server that speaks only HTTP/1.1. None: it is HTTP."""
    if request.protocol == "tcp":
        return CONNECTED
    if request.protocol == "grpc":
        return Outcome(ok=False, reason="connection error: server speaks HTTP/1.1, not gRPC", takes=ANSWERS_IN)
    if request.protocol in ("udp", "dns"):
        return Outcome(ok=False, reason="connection refused")
    return None


def combined_log(server: Server, request: Request, outcome: Outcome) -> str:
    """A line of an access log as nginx and Apache write it."""
    asked = {name.lower(): value for name, value in request.headers}
    when = f"{MOMENT + timedelta(microseconds=server.now):%d/%b/%Y:%H:%M:%S +0000}"
    return (f'{server.client or "10.244.0.1"} - - [{when}] "{request.method} {request.path} HTTP/1.1" {outcome.status} '
            f'{len(outcome.body)} "{asked.get("referer", "-")}" "{asked.get("user-agent", "-")}"')  # fmt: skip


def path_of(request: Request) -> str:
    return request.path.partition("?")[0] or "/"


def type_of(path: str) -> str:
    return TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def head(request: Request, outcome: Outcome) -> Outcome:
    """HEAD gets the headers alone."""
    if request.method != "HEAD":
        return outcome
    return Outcome(ok=True, status=outcome.status, headers=outcome.headers, takes=outcome.takes)
