"""kube-proxy's own ports: /healthz (10256) and /metrics with /proxyMode (10249)."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import http, other_protocol, path_of

HEALTH, METRICS = 10256, 10249


def answer(server: Server, request: Request) -> Outcome:
    path = path_of(request)
    found = other_protocol(request)
    if found is not None:
        return found
    if request.port == HEALTH and path in ("/healthz", "/livez"):
        return http(200, f'{{"lastUpdated": "{server.now}"}}', "application/json")
    if request.port == METRICS and path == "/proxyMode":
        return http(200, "iptables")
    return http(404, "404 page not found\n")


def ports(_: Server) -> tuple[int, ...]:
    return HEALTH, METRICS


KUBE_PROXY = Behaviour("kube-proxy", answer, ports)
