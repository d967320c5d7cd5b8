"""Apache's httpd with its default site: files below /usr/local/apache2/htdocs."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import combined_log, head, http, other_protocol, path_of, type_of

ROOT = "/usr/local/apache2/htdocs"
SERVER = "Apache/2.4 (Unix)"
NOT_FOUND = (
    "<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n"
    "<p>There is nothing at this address on this server.</p>\n</body></html>\n"
)


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or head(request, page(server, request))


def page(server: Server, request: Request) -> Outcome:
    path = path_of(request)
    wanted = ROOT + path + ("index.html" if path.endswith("/") else "")
    text = server.read(wanted)
    if text is None:
        return http(404, NOT_FOUND, "text/html; charset=iso-8859-1", SERVER)
    return http(200, text, type_of(wanted), SERVER)


HTTPD = Behaviour("httpd", answer, logs=combined_log)
