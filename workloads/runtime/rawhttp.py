"""HTTP as bytes on a bare connection: what `nc` or `telnet` types is read, and the answer is written out."""

from dataclasses import replace

from clusters.kernel import Outcome, Request
from workloads.images.behaviours import Behaviour, Served, Server

PHRASES = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
           301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
           308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 413: "Payload Too Large",
           418: "I'm a teapot", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
           501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip


def phrase(status: int) -> str:
    return PHRASES.get(status, "Unknown")


def render(outcome: Outcome, version: str = "HTTP/1.1") -> bytes:
    """The answer's head and body as they stand on the wire."""
    head = [f"{version} {outcome.status} {phrase(outcome.status)}"]
    head.extend(f"{name}: {value}" for name, value in outcome.headers)
    return ("\r\n".join(head) + "\r\n\r\n").encode() + outcome.body


def serve(behaviour: Behaviour, server: Server, request: Request) -> Served:
    """What a server that speaks HTTP does with the bytes of a bare connection."""
    asked = parse(request)
    if asked is None:
        return Served(replace(_bad(), body=render(_bad())))
    served = behaviour.serve(server, asked) if behaviour.serve else Served(behaviour.answer(server, asked))
    return replace(served, outcome=replace(served.outcome, body=render(served.outcome)))


def _bad() -> Outcome:
    return Outcome(ok=True, status=400, headers=(("Connection", "close"), ("Content-Length", "0")))


def parse(request: Request) -> Request | None:
    """The HTTP request in these bytes; None when it is none."""
    head, _, body = request.body.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode("latin-1").strip("\n").split("\n")
    words = first.split()
    if len(words) not in (2, 3) or not words[0].isalpha() or not words[1].startswith("/"):
        return None
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines) if name)
    host = next((value for name, value in headers if name.lower() == "host"), request.host)
    return replace(request, protocol="http", method=words[0].upper(), path=words[1], headers=headers, body=body,
                   host=host)  # fmt: skip


def render_request(request: Request) -> bytes:
    """The request's bytes as a server that listens to a bare connection gets them."""
    if request.protocol != "http":
        return request.body
    lines = [f"{request.method} {request.path} HTTP/1.1"]
    if not any(name.lower() == "host" for name, _ in request.headers):
        lines.append(f"Host: {request.host}")
    lines.extend(f"{name}: {value}" for name, value in request.headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + request.body


def parse_answer(data: bytes) -> Outcome | None:
    """The HTTP answer in these bytes; None when it is none."""
    head, _, body = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode("latin-1").split("\n")
    words = first.split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        return None
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines) if name)
    return Outcome(ok=True, status=int(words[1][:3]), headers=headers, body=body)
