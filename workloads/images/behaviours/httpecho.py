"""HashiCorp's http-echo: answers every request with the text it was started with."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.http import http, other_protocol, path_of


def answer(server: Server, request: Request) -> Outcome:
    if path_of(request) == "/health":
        return other_protocol(request) or http(200, '{"status":"ok"}\n')
    return other_protocol(request) or http(200, text_of(server) + "\n")


def text_of(server: Server) -> str:
    return flag(server.argv, "text", server.env.get("ECHO_TEXT", "hello-world"))


def ports(server: Server) -> tuple[int, ...]:
    return (number(flag(server.argv, "listen", ":5678").rpartition(":")[2], 5678),)


def quits(server: Server) -> tuple[int, str] | None:
    """Before 1.0 there was no default text."""
    has_text = flag(server.argv, "text", "") or not server.image.version.startswith("0.")
    return None if has_text else (127, "Missing -text option!")


HTTP_ECHO = Behaviour("http-echo", answer, ports, quits)
