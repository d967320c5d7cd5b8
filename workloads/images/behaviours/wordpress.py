"""WordPress: asks for its database before it shows anything."""

import json

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Server, number
from workloads.images.behaviours.http import combined_log, head, http, moved, other_protocol, path_of
from workloads.images.behaviours.sql.server import MARK

SERVER = "Apache/2.4.65 (Debian)"
FAILED = ("<!DOCTYPE html>\n<html>\n<head><title>Database Error</title></head>\n"
          "<body><h1>Error establishing a database connection</h1></body>\n</html>\n")  # fmt: skip
INSTALL = ("<!DOCTYPE html>\n<html>\n<head><title>WordPress &rsaquo; Installation</title></head>\n"
           "<body>\n<h1>Welcome</h1>\n<p>The database is reached: WordPress could be installed now.</p>\n"
           "</body>\n</html>\n")  # fmt: skip


def answer(server: Server, request: Request) -> Outcome:
    plain = other_protocol(request)
    if plain:
        return plain
    if not _has_database(server):
        return head(request, http(500, FAILED, "text/html; charset=UTF-8", SERVER))
    if path_of(request) == "/wp-admin/install.php":
        return head(request, http(200, INSTALL, "text/html; charset=UTF-8", SERVER))
    return moved(f"http://{request.host}/wp-admin/install.php")


def _has_database(server: Server) -> bool:
    """Whether MySQL lets it in, with the name and password that it was given."""
    host, _, port = server.env.get("WORDPRESS_DB_HOST", "mysql").partition(":")
    asked = {"user": server.env.get("WORDPRESS_DB_USER", "example username"), "sql": "",
             "password": server.env.get("WORDPRESS_DB_PASSWORD", "example password"), "database": ""}  # fmt: skip
    if server.wire is None:
        return False
    body = MARK + json.dumps(asked).encode()
    outcome = server.wire.send(host, Request("tcp", number(port, 3306), body=body, host=host))
    return outcome.ok and b'"fatal"' not in outcome.body


WORDPRESS = Behaviour("wordpress", answer, logs=combined_log)
