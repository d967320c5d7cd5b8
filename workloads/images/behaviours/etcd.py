"""etcd's client port: /health over HTTP, the gRPC health service, and the metrics port of kubeadm's manifest."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.grpc import health
from workloads.images.behaviours.http import CONNECTED, http, path_of

OK = {"/health": '{"health":"true","reason":""}', "/livez": "ok\n", "/readyz": "ok\n"}


def answer(server: Server, request: Request) -> Outcome:
    if request.protocol == "tcp":
        return CONNECTED
    if request.protocol == "grpc":
        return health(serving=True, service=request.service)
    path = path_of(request)
    return http(200, OK[path]) if path in OK else http(404, "404 page not found\n")


def ports(server: Server) -> tuple[int, ...]:
    """The ports of the URLs that it was told to listen on; 2379 and 2380 otherwise."""
    asked = [
        ("listen-client-urls", "http://localhost:2379"),
        ("listen-peer-urls", "http://localhost:2380"),
        ("listen-metrics-urls", ""),
    ]
    urls = ",".join(flag(server.argv, name, default) for name, default in asked).split(",")
    found = [number(url.rpartition(":")[2].rstrip("/"), 0) for url in urls if url]
    return tuple(dict.fromkeys(port for port in found if port))


ETCD = Behaviour("etcd", answer, ports)
