"""Ingress controllers: their own ports for health; what asks at the others gets its way from networking."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Served, Server, flag, number
from workloads.images.behaviours.http import CONNECTED, http, path_of

HEALTH = {"ingress-nginx": 10254, "haproxy-ingress": 1042, "f5-ingress": 8080}


def answer(name: str, server: Server, request: Request) -> Outcome:
    """On the ports that it is there for it says nothing of its own: the network knows what it does then."""
    if request.protocol == "tcp":
        return CONNECTED
    if request.protocol != "http":
        return Outcome(ok=False, reason="connection refused")
    if request.port == HEALTH[name]:
        is_health = path_of(request) in ("/healthz", "/health")
        return http(200, "ok") if is_health else http(404, "404 page not found\n")
    return Outcome(ok=True, headers=(("Server", name),), takes=ANSWERS_IN)


def serve(name: str, server: Server, request: Request) -> Served:
    """`note` is how the network tells what came of a request: a line of its log, and what it has to remember."""
    if request.protocol != "note":
        return Served(answer(name, server, request))
    state = {**server.state, **json.loads(request.body)} if request.body else None
    return Served(Outcome(ok=True), state=state, logs=(request.path,))


def nginx_ports(server: Server) -> tuple[int, ...]:
    http_port = number(flag(server.argv, "http-port", "80"), 80)
    https_port = number(flag(server.argv, "https-port", "443"), 443)
    return (http_port, https_port, HEALTH["ingress-nginx"])


def haproxy_ports(server: Server) -> tuple[int, ...]:
    http_port = number(flag(server.argv, "http-bind-port", "8080"), 8080)
    https_port = number(flag(server.argv, "https-bind-port", "8443"), 8443)
    return (http_port, https_port, HEALTH["haproxy-ingress"])


def secures(ports: Callable[[Server], tuple[int, ...]], server: Server, request: Request) -> str | None:
    """On its port for TLS, with what the network knows of its Ingresses' certificates."""
    return "" if request.port in ports(server)[1:2] else None


def f5_ports(_: Server) -> tuple[int, ...]:
    return (HEALTH["f5-ingress"],)


def _controller(name: str, ports: Callable[[Server], tuple[int, ...]]) -> Behaviour:
    return Behaviour(name, partial(answer, name), ports, serve=partial(serve, name), secures=partial(secures, ports))


INGRESS_NGINX = _controller("ingress-nginx", nginx_ports)
HAPROXY_INGRESS = _controller("haproxy-ingress", haproxy_ports)
F5_INGRESS = _controller("f5-ingress", f5_ports)
