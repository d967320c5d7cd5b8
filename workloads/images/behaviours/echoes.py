"""Servers that tell the client what it asked: whoami, mendhak's, ealen's, jmalloc's."""

import json

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.http import head, http, other_protocol, path_of


def _headers(request: Request) -> dict[str, str]:
    return {"host": request.host, **{name.lower(): value for name, value in request.headers}}


def whoami(server: Server, request: Request) -> Outcome:
    if path_of(request) == "/health":
        return other_protocol(request) or http(200, "")
    if path_of(request) == "/api":
        found = {"hostname": server.hostname, "ip": ["127.0.0.1", server.ip], "headers": _headers(request),
                 "url": request.path, "host": request.host, "method": request.method}  # fmt: skip
        return other_protocol(request) or http(200, json.dumps(found) + "\n", "application/json")
    name = flag(server.argv, "name", server.env.get("WHOAMI_NAME", ""))
    lines = [f"Name: {name}"] if name else []
    lines += [f"Hostname: {server.hostname}", "IP: 127.0.0.1", "IP: ::1", f"IP: {server.ip}",
              f"RemoteAddr: {server.client or '10.244.0.1'}:40000", f"{request.method} {request.path} HTTP/1.1",
              f"Host: {request.host}"]  # fmt: skip
    lines += [f"{name}: {value}" for name, value in sorted(request.headers) if name.lower() != "host"]
    return other_protocol(request) or head(request, http(200, "\n".join(lines) + "\n\n"))


def whoami_ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "port", server.env.get("WHOAMI_PORT_NUMBER", "")), 80),)


def mendhak(server: Server, request: Request) -> Outcome:
    path, _, query = request.path.partition("?")
    found = {
        "path": path, "headers": _headers(request), "method": request.method,
        "body": request.body.decode(errors="replace"), "fresh": False, "hostname": request.host.partition(":")[0],
        "ip": server.client or "::ffff:10.244.0.1", "protocol": "https" if request.port in (443, 8443) else "http",
        "query": dict(pair.partition("=")[::2] for pair in query.split("&") if pair), "xhr": False,
        "os": {"hostname": server.hostname}, "connection": {},
    }  # fmt: skip
    return other_protocol(request) or head(request, http(200, json.dumps(found, indent=2), "application/json"))


def mendhak_ports(server: Server) -> tuple[int, ...]:
    return number(server.env.get("HTTP_PORT", ""), 8080), number(server.env.get("HTTPS_PORT", ""), 8443)


def ealen(server: Server, request: Request) -> Outcome:
    path, _, query = request.path.partition("?")
    asked = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
    found = {
        "host": {"hostname": request.host, "ip": server.client or "::ffff:10.244.0.1", "ips": []},
        "http": {"method": request.method, "baseUrl": "", "originalUrl": request.path, "protocol": "http"},
        "request": {"params": {"0": path}, "query": asked, "cookies": {}, "body": {}, "headers": _headers(request)},
        "environment": {"HOSTNAME": server.hostname, **server.env},
    }
    status = number(asked.get("echo_code", ""), 200)
    text = asked["echo_body"] if "echo_body" in asked else json.dumps(found)
    return other_protocol(request) or head(
        request, http(status if 100 < status < 600 else 200, text, "application/json")
    )


def port(server: Server) -> tuple[int, ...]:
    return (number(server.env.get("PORT", ""), 80),)


def jmalloc(server: Server, request: Request) -> Outcome:
    lines = [f"Request served by {server.hostname}", "", f"{request.method} {request.path} HTTP/1.1", "",
             f"Host: {request.host}", *(f"{name}: {value}" for name, value in request.headers if name != "Host"),
             ""]  # fmt: skip
    text = "\n".join(lines) + request.body.decode(errors="replace")
    return other_protocol(request) or head(request, http(200, text + ("\n" if request.body else ""), "text/plain"))


def jmalloc_ports(server: Server) -> tuple[int, ...]:
    return (number(server.env.get("PORT", ""), 8080),)


WHOAMI = Behaviour("whoami", whoami, whoami_ports)
MENDHAK = Behaviour("http-https-echo", mendhak, mendhak_ports)
EALEN = Behaviour("echo-server-json", ealen, port)
JMALLOC = Behaviour("echo-server", jmalloc, jmalloc_ports)
