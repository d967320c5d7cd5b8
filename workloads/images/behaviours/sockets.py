"""Servers whose protocol nobody here speaks: they take connections, and say what they say to a browser."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import ANSWERS_IN, Behaviour, Server, flag, number
from workloads.images.behaviours.http import CONNECTED, http

MONGO_SAYS = "It looks like you are trying to access MongoDB over HTTP on the native driver port.\n"


def mongo(server: Server, request: Request) -> Outcome:
    if request.protocol == "http":
        return http(200, MONGO_SAYS, "text/plain")
    return CONNECTED if not request.body else Outcome(ok=False, reason="connection reset by peer", takes=ANSWERS_IN)


def mongo_ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "port", ""), 27017),)


def silent(server: Server, request: Request) -> Outcome:
    if request.protocol == "tcp":
        return CONNECTED
    return Outcome(ok=False, reason="EOF", takes=ANSWERS_IN)


def zookeeper(server: Server, request: Request) -> Outcome:
    word = request.body.strip()
    if request.protocol != "tcp":
        return Outcome(ok=False, reason="EOF", takes=ANSWERS_IN)
    said = {
        b"": b"",
        b"ruok": b"imok",
        b"srvr": f"Zookeeper version: {server.image.version}\nMode: standalone\n".encode(),
    }
    return Outcome(ok=True, body=said.get(word, b""), takes=ANSWERS_IN)


MONGO = Behaviour("mongo", mongo, mongo_ports, is_raw=True)
SILENT = Behaviour("takes-connections", silent, is_raw=True)
ZOOKEEPER = Behaviour("zookeeper", zookeeper, is_raw=True)
