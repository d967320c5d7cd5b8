"""Redis: accepts connections on its port; an HTTP client gets no HTTP back."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Server, flag, number
from workloads.images.behaviours.http import CONNECTED


def answer(server: Server, request: Request) -> Outcome:
    if request.protocol == "tcp":
        return CONNECTED
    if request.protocol == "http":
        return Outcome(ok=False, reason="EOF", takes=ANSWERS_IN)
    return Outcome(ok=False, reason="connection error: server does not speak gRPC", takes=ANSWERS_IN)


def ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "port", ""), 6379),)


REDIS = Behaviour("redis", answer, ports)
