"""nginx: serves files and fixed answers as its configuration says, and passes requests on to others."""

import re
from collections.abc import Sequence
from dataclasses import replace

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, flag
from workloads.images.behaviours.http import combined_log, head, http, moved, other_protocol, path_of, type_of
from workloads.images.behaviours.nginxconf import (
    MAIN,
    Emergency,
    Files,
    Location,
    Site,
    sites,
    stays_in_foreground,
)

FOLDERS = ("/etc/nginx", "/etc/nginx/conf.d", "/etc/nginx/sites-enabled")
REASONS = {
    400: "Bad Request",
    401: "Authorization Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Not Allowed",
    410: "Gone",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}


def answer(server: Server, request: Request) -> Outcome:
    return other_protocol(request) or head(request, page(server, request))


def page(server: Server, request: Request) -> Outcome:
    try:
        found = [site for site in sites(files(server), main(server)) if request.port in site.ports]
    except Emergency:  # the configuration was broken after the start: nginx goes on with what it has read
        return error(500, server)
    site = chosen(found, request)
    if site is None:
        return error(404, server)
    if request.port in site.secure and not request.tls:
        return error(400, server, "The plain HTTP request was sent to HTTPS port")
    path = path_of(request)
    location = locate(site, path)
    rules = location.directives if location else site.directives
    if "return" in rules:
        return fixed(server, request, rules["return"])
    if "proxy_pass" in rules:
        return passed_on(server, request, location, rules["proxy_pass"][0])
    if request.method not in ("GET", "HEAD"):
        return error(405, server)
    return from_files(server, location, rules, path)


def chosen(found: Sequence[Site], request: Request) -> Site | None:
    """By the host's name; else the first one of the port."""
    return next((one for one in found if request.host.partition(":")[0] in one.names), found[0] if found else None)


def secures(server: Server, request: Request) -> str | None:
    """The certificate of the site on a port that speaks TLS."""
    try:
        site = chosen([one for one in sites(files(server), main(server)) if request.port in one.ports], request)
    except Emergency:
        return None
    if site is None or request.port not in site.secure:
        return None
    return server.read(place_of(site.directives["ssl_certificate"][0])) or ""


def place_of(path: str) -> str:
    """Relative to the configuration's folder."""
    return path if path.startswith("/") else f"/etc/nginx/{path}"


def locate(site: Site, path: str) -> Location | None:
    """The location that nginx takes: exact, then the longest prefix unless a regular expression matches first."""
    prefix: Location | None = None
    for one in site.locations:
        if one.modifier == "=" and one.path == path:
            return one
        is_longer = prefix is None or len(one.path) > len(prefix.path)
        if one.modifier in ("", "^~") and path.startswith(one.path) and is_longer:
            prefix = one
    if prefix is None or prefix.modifier != "^~":
        for one in site.locations:
            how = re.IGNORECASE if one.modifier == "~*" else 0
            if one.modifier in ("~", "~*") and len(path) < 1000 and re.search(one.path, path, how):
                return one
    return prefix


def fixed(server: Server, request: Request, words: tuple[str, ...]) -> Outcome:
    """`return CODE [TEXT]` or `return CODE URL`."""
    code = int(words[0]) if words[0].isascii() and words[0].isdigit() else 302
    text = words[-1] if len(words) > 1 or not words[0].isdigit() else ""
    known = {"host": request.host, "hostname": server.hostname, "uri": path_of(request), "request_uri": request.path,
             "server_port": str(request.port), "request_method": request.method}  # fmt: skip
    text = re.sub(r"\$(\w+)", lambda match: known.get(match.group(1), ""), text)
    if code in (301, 302, 303, 307, 308):
        return moved(text, code)
    if not text and code >= 400:
        return error(code, server)
    return http(code, text, "text/plain", version(server))


def passed_on(server: Server, request: Request, location: Location | None, target: str) -> Outcome:
    """proxy_pass http://host:port[/path]: a path of its own takes the place of the location's."""
    authority, slash, path = target.partition("://")[2].partition("/")
    host, _, port = authority.partition(":")
    own = request.path[len(location.path) :] if location and slash else request.path
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "host")
    sent = (("Host", authority), ("X-Forwarded-For", server.client), *headers)
    onward = replace(request, port=int(port) if port.isdigit() else 80, path=f"{slash}{path}{own}" or "/", headers=sent,
                     host=authority)  # fmt: skip
    found = server.wire.send(host, onward) if server.wire is not None else None
    if found is None or not found.ok:
        return error(504 if found is not None and found.reason == "timeout" else 502, server)
    kept = tuple(pair for pair in found.headers if pair[0].lower() != "server")
    return replace(found, headers=(("Server", version(server)), *kept), writes=())


def from_files(server: Server, location: Location | None, rules: dict[str, tuple[str, ...]], path: str) -> Outcome:
    for wanted in candidates(location, rules, path):
        if wanted.startswith("="):
            return error(int(wanted[1:]) if wanted[1:].isdigit() else 404, server)
        indexes = rules.get("index", ("index.html",)) if wanted.endswith("/") else ("",)
        for name in [wanted + index for index in indexes]:
            text = server.read(name)
            if text is not None:
                return http(200, text, type_of(name), version(server))
    is_listing = path == "/" or (path.endswith("/") and bool(server.names(folder(location, rules, path))))
    return error(403 if is_listing else 404, server)


def candidates(location: Location | None, rules: dict[str, tuple[str, ...]], path: str) -> list[str]:
    if "try_files" not in rules:
        return [folder(location, rules, path)]
    found = []
    for word in rules["try_files"]:
        tried = word.replace("$uri", path)
        found.append(tried if word.startswith("=") else folder(location, rules, tried))
    return found


def folder(location: Location | None, rules: dict[str, tuple[str, ...]], path: str) -> str:
    """The path on disk that a URL's path means."""
    if location and "alias" in rules:
        return rules["alias"][0] + path[len(location.path) :]
    return rules.get("root", ("/etc/nginx/html",))[0].rstrip("/") + path


def files(server: Server) -> Files:
    paths = [f"{place}/{name}" for place in FOLDERS for name in server.names(place)]
    read = [(path, server.read(path)) for path in dict.fromkeys([*paths, main(server)])]
    return tuple((path, text) for path, text in read if text is not None)


def main(server: Server) -> str:
    return flag(server.argv, "c", MAIN)


def version(server: Server) -> str:
    return f"nginx/{server.image.version}"


def error(status: int, server: Server, words: str = "") -> Outcome:
    """`words`: what it says beside the status."""
    status_line = f"{status} {REASONS.get(status, '')}".strip()
    title = f"{status} {words}" if words else status_line
    more = f"<center>{words}</center>\r\n" if words else ""
    return http(
        status,
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{status_line}</h1></center>\r\n"
        f"{more}<hr><center>{version(server)}</center>\r\n</body>\r\n</html>\r\n",
        "text/html",
        version(server),
    )


def ports(server: Server) -> tuple[int, ...]:
    return tuple(port for site in sites(files(server), main(server)) for port in site.ports)


def quits(server: Server) -> tuple[int, str] | None:
    """-v and -t say something and end; a broken configuration ends it; a daemon's container is over at once."""
    if "-v" in server.argv:
        return 0, f"nginx version: {version(server)}"
    try:
        read = files(server)
        for site in sites(read, main(server)):
            have_certificates(server, site)
        daemon_off = stays_in_foreground(read, main(server))
    except Emergency as problem:
        return 1, f"nginx: [emerg] {problem}"
    if "-t" in server.argv:
        words = ("the configuration file", "syntax is ok"), ("configuration file", "test is successful")
        return 0, "\n".join(f"nginx: {what} {main(server)} {verdict}" for what, verdict in words)
    return None if daemon_off or "daemon off" in " ".join(server.argv) else (0, "")


def have_certificates(server: Server, site: Site) -> None:
    """Raises Emergency for one that is not there."""
    for name, kind in (("ssl_certificate", "certificate"), ("ssl_certificate_key", "certificate key")):
        path = place_of(site.directives[name][0]) if site.secure and site.directives.get(name) else ""
        if path and server.read(path) is None:
            missing = f"No such file or directory:calling fopen({path}, r)"
            said = f"BIO_new_file() failed (SSL: error:80000002:system library::{missing} error:10000080:BIO routines::no such file)"  # noqa: E501
            raise Emergency(f'cannot load {kind} "{path}": {said}')


def sends(server: Server) -> str | None:
    """`nginx -s quit` and its like; files are read anew for every request, so a reload has nothing to do."""
    return {"stop": "TERM", "quit": "QUIT", "reload": "HUP", "reopen": "USR1"}.get(flag(server.argv, "s", ""))


def log(server: Server, request: Request, outcome: Outcome) -> str:
    return combined_log(server, request, outcome) + ' "-"'


NGINX = Behaviour("nginx", answer, ports, quits, sends, logs=log, secures=secures)
