"""Google's hello-app: says hello with its version and the host's name, on $PORT."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, number
from workloads.images.behaviours.http import http, other_protocol


def answer(server: Server, request: Request) -> Outcome:
    version = f"{server.image.version}.0"
    return other_protocol(request) or http(200, f"Hello, world!\nVersion: {version}\nHostname: {server.hostname}\n")


def ports(server: Server) -> tuple[int, ...]:
    return (number(server.env.get("PORT", ""), 8080),)


HELLO_APP = Behaviour("hello-app", answer, ports)
