"""hpa-example: a page of PHP that computes a million square roots for everybody who asks."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import combined_log, head, http, other_protocol, path_of

SERVER = "Apache/2.4.10 (Debian) PHP/5.6.14"


def answer(server: Server, request: Request) -> Outcome:
    """What it costs stands in the catalogue: `serves`."""
    if path_of(request) not in ("/", "/index.php"):
        return other_protocol(request) or http(404, "Not Found\n", "text/html", SERVER)
    return other_protocol(request) or head(request, http(200, "OK!", "text/html; charset=UTF-8", SERVER))


HPA_EXAMPLE = Behaviour("hpa-example", answer, logs=combined_log)
