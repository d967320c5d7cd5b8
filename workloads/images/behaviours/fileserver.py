"""Files over HTTP: `python -m http.server`, busybox httpd, Caddy, Apache with PHP's folder."""

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, flag, number
from workloads.images.behaviours.http import head, http, moved, other_protocol, path_of, type_of

ROOTS = ("/usr/share/caddy", "/var/www/html")
ERROR = ('<!DOCTYPE HTML>\n<html lang="en">\n    <head>\n'
         "        <title>Error response</title>\n    </head>\n    <body>\n"
         "        <h1>Error response</h1>\n        <p>Error code: 404</p>\n        <p>Message: File not found.</p>\n"
         "    </body>\n</html>\n")  # fmt: skip


def root(server: Server) -> str:
    if _is_python(server):
        return flag(server.argv, "directory", flag(server.argv, "d", server.cwd)).rstrip("/")
    if "httpd" in server.argv[0]:
        return flag(server.argv, "h", server.cwd).rstrip("/")
    return next((path for path in ROOTS if server.names(path)), ROOTS[-1])


def _is_python(server: Server) -> bool:
    return "http.server" in server.argv


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or head(request, page(server, request))


def page(server: Server, request: Request) -> Outcome:
    path = root(server) + path_of(request)
    names = server.names(path.rstrip("/") or "/")
    if not path.endswith("/") and server.read(path) is None and names:
        return moved(path_of(request) + "/", 301)
    for name in ("index.html", "index.htm") if path.endswith("/") else ("",):
        text = server.read(path + name)
        if text is not None:
            return http(200, text, type_of(path + name))
    if _is_python(server) and path.endswith("/") and (names or path_of(request) == "/"):
        items = "".join(f'<li><a href="{name}">{name}</a></li>\n' for name in names)
        title = f"Directory listing for {path_of(request)}"
        return http(200, f"<!DOCTYPE HTML>\n<html>\n<head>\n<title>{title}</title>\n</head>\n"
                    f"<body>\n<h1>{title}</h1>\n<hr>\n<ul>\n{items}</ul>\n<hr>\n</body>\n</html>\n",
                    "text/html; charset=utf-8")  # fmt: skip
    return http(404, ERROR if _is_python(server) else "404 page not found\n", "text/html;charset=utf-8")


def ports(server: Server) -> tuple[int, ...]:
    if _is_python(server):
        after = server.argv[server.argv.index("http.server") + 1 :]
        return (number(next((word for word in after if word.isdigit()), ""), 8000),)
    if "httpd" in server.argv[0]:
        return (number(flag(server.argv, "p", "80").rpartition(":")[2], 80),)
    return (number(flag(server.argv, "listen", ":80").rpartition(":")[2], 80),)


def logs(server: Server, request: Request, outcome: Outcome) -> str:
    client = server.client or "10.244.0.1"
    return f'{client} - - "{request.method} {request.path} HTTP/1.1" {outcome.status} -'


FILE_SERVER = Behaviour("file-server", answer, ports, logs=logs)
