"""node server.js, when the script is a web server's first example: it listens and answers one text."""

import re

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, number
from workloads.images.behaviours.http import head, http, other_protocol

PORT = re.compile(
    r"\.listen\(\s*(?:process\.env\.PORT\s*\|\|\s*)?(\d{2,5})|(?:const|let|var)\s+port\s*=\s*(?:process\.env\.PORT\s*\|\|\s*)?(\d{2,5})",
    re.IGNORECASE,
)
TEXT = re.compile(r"""\.(?:end|send|write)\(\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)""")
STATUS = re.compile(r"(?:writeHead|status|statusCode\s*=)\s*\(?\s*(\d{3})")
HOST = re.compile(r"\$\{\s*os\.hostname\(\)\s*\}")


def _script(server: Server) -> str:
    return server.read(server.argv[1]) or "" if len(server.argv) > 1 else ""


def answer(server: Server, request: Request) -> Outcome:
    text = _script(server)
    said = TEXT.search(text)
    status = STATUS.search(text)
    body = HOST.sub(server.hostname, said[1][1:-1]).replace("\\n", "\n") if said else ""
    return other_protocol(request) or head(request, http(int(status[1]) if status else 200, body, "text/plain"))


def ports(server: Server) -> tuple[int, ...]:
    found = PORT.search(_script(server))
    default = number(next(group for group in found.groups() if group), 8080) if found else 8080
    return (number(server.env.get("PORT", ""), default) if "process.env.PORT" in _script(server) else default,)


NODE_SCRIPT = Behaviour("node-script", answer, ports)
