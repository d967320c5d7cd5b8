"""echoserver: tells the client what it asked and who answered."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import http, other_protocol


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or http(200, describe(server, request), "text/plain")


def describe(server: Server, request: Request) -> str:
    headers = "".join(f"\t{name.lower()}={value}\n" for name, value in sorted(request.headers))
    body = request.body.decode(errors="replace") or "-no body in request-"
    return (
        f"\n\nHostname: {server.hostname}\n\nPod Information:\n\t-no pod information available-\n\n"
        "Server values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\n"
        f"Request Information:\n\tclient_address={server.client or '127.0.0.1'}\n\tmethod={request.method}\n"
        f"\treal path={request.path.partition('?')[0]}\n\tquery={request.path.partition('?')[2]}\n"
        "\trequest_version=1.1\n"
        f"\trequest_scheme=http\n\trequest_uri=http://{request.host}:{request.port}{request.path}\n\n"
        f"Request Headers:\n{headers}\nRequest Body:\n\t{body}\n\n"
    )


ECHOSERVER = Behaviour("echoserver", answer)
