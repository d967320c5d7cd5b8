"""kube-apiserver, kube-scheduler and kube-controller-manager, as far as their health endpoints."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import http, other_protocol, path_of

HEALTHY = ("/healthz", "/livez", "/readyz")


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or (
        http(200, "ok") if path_of(request) in HEALTHY else http(403, "Forbidden", "application/json")
    )


COMPONENT = Behaviour("component", answer)
