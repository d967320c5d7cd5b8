"""HAProxy's Ingress controller: its class, hosts and paths (haproxy-ingress); annotations of its own have no effect."""

from __future__ import annotations

from dataclasses import replace

from networking.ingress.decision import Answered, Asked, Decision, Passed, page, targets_of
from networking.ingress.routes import ANY, Host, Path, Routes, host_for, matching

NO_BACKEND = (
    "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"
)


def decide(asked: Asked) -> Decision:
    """By the longest path of the host; regular expressions and rewriting it does not know."""
    table = asked.view.derived(Routes).table(asked.running.claim, asked.view)
    host = host_for(table, asked.host)
    line = next(matching(host.paths, asked.path), None) or host.default
    if line is None and host.name != ANY:
        line = next(matching(table[ANY].paths, asked.path), None) or table[ANY].default
    if line is None or line.backend is None:
        why = f"no rule for host {asked.host or '(none)'} and path {asked.path}: the default backend answers"
        return Answered(page(404, "default backend - 404", "text/plain; charset=utf-8"), why)
    if host.has_tls and not asked.is_tls:
        to = (("Location", f"https://{asked.host}{asked.request.path}"),)
        return Answered(page(302, "", headers=to), f"{told(host, line)}: to https")
    found = list(targets_of(asked.view, line.backend))
    if not found:
        return Answered(page(503, NO_BACKEND), f"{told(host, line)}: Service {line.backend} has no endpoints")
    first = asked.view.random.pick(found)
    headers = (
        *asked.request.headers,
        ("X-Forwarded-For", asked.client),
        ("X-Forwarded-Proto", asked.scheme),
    )
    request = replace(asked.request, headers=headers, client="")
    return Passed(line.ingress, line.backend, (first,), request, told(host, line))


def told(host: Host, line: Path) -> str:
    where = "any host" if host.name == ANY else f"host {host.name}"
    return f"Ingress {line.ingress}: {where}, path {line}"
