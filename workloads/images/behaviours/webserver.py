"""The web server that stands in for an image which the catalogue does not know: it answers on every containerPort."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import head, http, other_protocol


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or head(request, http(200, f"{server.image.name} on {server.hostname}\n"))


def ports(server: Server) -> tuple[int, ...]:
    return server.declared


# what an image that nobody knows speaks, nobody knows: TLS, if it is asked for
WEB_SERVER = Behaviour("web-server", answer, ports, secures=lambda server, request: "")
