"""agnhost, the test image of Kubernetes: its first argument says which server it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from clusters.kernel import Outcome, Request
from clusters.reconcile.clock import SECOND, Time
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.grpc import health
from workloads.images.behaviours.http import CONNECTED, http, moved, other_protocol, path_of

HEALTHY_FOR = 10 * SECOND  # `liveness` answers 500 after that, as in the documentation's example
CLIENT_PORT = 40000  # from which every client comes


@dataclass(frozen=True, slots=True)
class Subcommand:
    answer: Callable[[Server, Request], Outcome]
    ports: Callable[[Server], tuple[int, ...]]


def netexec(server: Server, request: Request) -> Outcome:
    path, _, query = request.path.partition("?")
    asked = {key: values[0] for key, values in parse_qs(query).items()}
    if path == "/echo":
        return http(number(asked.get("code", ""), 200), asked.get("msg", ""))
    if path == "/redirect":
        return moved(unquote(asked.get("location", "")))
    if path == "/header":
        return http(200, dict(request.headers).get(asked.get("key", ""), ""))
    said = {
        "/": f"NOW: {server.now // SECOND}",
        "/clientip": f"{server.client or server.hostname}:{CLIENT_PORT}",
        "/healthz": "",
        "/hostname": server.hostname,
        "/hostName": server.hostname,
    }
    return http(200, said[path]) if path in said else http(404, "404 page not found\n")


def liveness(server: Server, request: Request) -> Outcome:
    age = server.now - server.began
    if path_of(request) == "/healthz":
        return http(200, "ok") if age <= HEALTHY_FOR else http(500, f"error: {age / SECOND:f}")
    return http(200, f"{age / SECOND:f}s") if path_of(request) == "/started" else http(404, "404 page not found\n")


def serve_hostname(server: Server, request: Request) -> Outcome:
    return http(200, server.hostname)


def test_webserver(server: Server, request: Request) -> Outcome:
    return http(200, "") if path_of(request) == "/" else http(404, "404 page not found\n")


def porter(server: Server, request: Request) -> Outcome:
    return http(200, server.env.get(f"SERVE_PORT_{request.port}", ""))


def health_checking(server: Server, request: Request) -> Outcome:
    if request.protocol == "grpc":
        return health(serving=True, service=request.service)
    return http(404, "404 page not found\n")


def nothing(server: Server, request: Request) -> Outcome:
    return Outcome(ok=False, reason="connection refused")


def at(name: str, *defaults: int) -> Callable[[Server], tuple[int, ...]]:
    """The port that a flag names, else these."""

    def ports(server: Server) -> tuple[int, ...]:
        asked = number(flag(server.argv, name, ""), 0)
        return (asked, *defaults[1:]) if asked else defaults

    return ports


def porter_ports(server: Server) -> tuple[int, ...]:
    keys = sorted(key.removeprefix("SERVE_PORT_") for key in server.env if key.startswith("SERVE_PORT_"))
    return tuple(int(key) for key in keys if key.isdigit())


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "netexec": Subcommand(netexec, at("http-port", 8080)),
    "liveness": Subcommand(liveness, at("port", 8080)),
    "serve-hostname": Subcommand(serve_hostname, at("port", 9376)),
    "test-webserver": Subcommand(test_webserver, at("port", 80)),
    "porter": Subcommand(porter, porter_ports),
    "grpc-health-checking": Subcommand(health_checking, at("port", 5000, 8080)),
    "pause": Subcommand(nothing, at("", *())),
}


def answer(server: Server, request: Request) -> Outcome:
    if request.protocol == "tcp":
        return CONNECTED
    asked = _subcommand(server)
    if request.protocol == "grpc" and asked != "grpc-health-checking":
        return other_protocol(request) or CONNECTED
    return SUBCOMMANDS[asked].answer(server, request)


def ports(server: Server) -> tuple[int, ...]:
    return SUBCOMMANDS[_subcommand(server)].ports(server)


def quits(server: Server) -> tuple[int, str] | None:
    asked = _subcommand(server)
    if asked in SUBCOMMANDS:
        return None
    return 1, f'Error: unknown command "{asked}" for "app"\nRun \'app --help\' for usage.'


def changes(server: Server) -> Time | None:
    turn = server.began + HEALTHY_FOR + 1
    return turn if _subcommand(server) == "liveness" and server.now < turn else None


def says(server: Server) -> tuple[str, ...]:
    if _subcommand(server) == "pause":
        return ("Paused",)
    if _subcommand(server) == "netexec":
        return (f"Started HTTP server on port {ports(server)[0]}",)
    return ()


def _subcommand(server: Server) -> str:
    if server.argv[0].endswith("/serve_hostname"):  # once an image of its own
        return "serve-hostname"
    return server.argv[1] if len(server.argv) > 1 else "pause"


AGNHOST = Behaviour("agnhost", answer, ports, quits, changes=changes, says=says)
