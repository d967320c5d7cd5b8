"""nginx with its default site: files below /usr/share/nginx/html."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server
from workloads.images.behaviours.http import head, http, other_protocol, path_of, type_of

ROOT = "/usr/share/nginx/html"
REASONS = {403: "Forbidden", 404: "Not Found", 405: "Not Allowed"}


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or head(request, page(server, request))


def page(server: Server, request: Request) -> Outcome:
    path, version = path_of(request), f"nginx/{server.image.version}"
    if request.method not in ("GET", "HEAD"):
        return error(405, version)
    wanted = ROOT + path + ("index.html" if path.endswith("/") else "")
    text = server.read(wanted)
    if text is not None:
        return http(200, text, type_of(wanted), version)
    return error(403 if path == "/" else 404, version)


def error(status: int, version: str) -> Outcome:
    title = f"{status} {REASONS[status]}"
    return http(
        status,
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        f"<hr><center>{version}</center>\r\n</body>\r\n</html>\r\n",
        "text/html",
        version,
    )


NGINX = Behaviour("nginx", answer)
