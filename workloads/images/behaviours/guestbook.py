"""The guestbook: a page that keeps its entries in redis-leader and reads them from redis-follower."""

import json
from html import escape
from urllib.parse import parse_qs, unquote_plus

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Served, Server
from workloads.images.behaviours.http import head, http, moved, other_protocol, path_of
from workloads.images.behaviours.redis import resp

KEY = "guestbook"
MOST = 8 * 1024
PAGE = """<!DOCTYPE html>
<html>
<head><title>Guestbook</title></head>
<body>
<h1>Guestbook</h1>
<form method="post" action="/"><input name="entry" placeholder="Messages"> <button>Submit</button></form>
{entries}
</body>
</html>
"""


def serve(server: Server, request: Request) -> Served:
    plain = other_protocol(request)
    if plain:
        return Served(plain)
    path = path_of(request)
    if path == "/guestbook.php":
        return _api(server, request)
    if path == "/" and request.method == "POST":
        entry = unquote_plus(request.body.decode(errors="replace").partition("entry=")[2].partition("&")[0])[:500]
        before, problem = _redis(server, "follower", ["GET", KEY])
        if not problem:
            _, problem = _redis(server, "leader", ["SET", KEY, f"{before or ''},{entry}"[-MOST:]])
        return Served(moved("/", 303) if not problem else http(500, problem, "text/html"))
    if path in ("/", "/index.html"):
        held, problem = _redis(server, "follower", ["GET", KEY])
        entries = "".join(f"<p>{escape(one)}</p>\n" for one in (held or "").split(",") if one)
        note = f"<p>{escape(problem)}</p>" if problem else ""
        return Served(head(request, http(200, PAGE.format(entries=entries + note), "text/html")))
    return Served(http(404, "Not Found\n", "text/html"))


def _api(server: Server, request: Request) -> Served:
    """guestbook.php?cmd=set&key=guestbook&value=... and cmd=get, as the page of the tutorial asks."""
    asked = {name: values[0] for name, values in parse_qs(request.path.partition("?")[2]).items()}
    if asked.get("cmd") == "set":
        _, problem = _redis(server, "leader", ["SET", asked.get("key", KEY), asked.get("value", "")[:MOST]])
        answer = {"message": "Updated"}
    else:
        held, problem = _redis(server, "follower", ["GET", asked.get("key", KEY)])
        answer = {"data": held or ""}
    if problem:
        return Served(http(500, problem, "text/html"))
    return Served(http(200, json.dumps(answer), "application/json"))


def _redis(server: Server, role: str, command: list[str]) -> tuple[str | None, str]:
    """(the reply, what went wrong). Where redis is comes from names, or from the environment if it is told so."""
    host = f"redis-{role}"
    if server.env.get("GET_HOSTS_FROM") == "env":
        host = server.env.get(f"REDIS_{role.upper()}_SERVICE_HOST", host)
    error = f"Uncaught Predis\\Connection\\ConnectionException: {{}} [tcp://{host}:6379]"
    if server.wire is None:
        return None, error.format("Network is unreachable")
    outcome = server.wire.send(host, Request("tcp", 6379, body=resp.request(command), host=host))
    if not outcome.ok:
        return None, error.format(outcome.reason)
    try:
        value = resp.parse(outcome.body)[0]
    except (ValueError, IndexError):
        return None, error.format("Error while reading line from the server.")
    return (None, str(value)) if isinstance(value, resp.Failed) else (None if value is None else str(value), "")


def answer(server: Server, request: Request) -> Outcome:
    return serve(server, request).outcome


GUESTBOOK = Behaviour("guestbook", answer, serve=serve)
