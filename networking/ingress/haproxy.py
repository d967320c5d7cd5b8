"""HAProxy's Ingress controller: its class, hosts and paths (haproxy-ingress); annotations of its own have no effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from clusters.kernel import Outcome
from clusters.reconcile.clock import MILLISECOND
from networking.ingress.decision import Answered, Asked, Decision, Passed, Target, page, targets_of
from networking.ingress.routes import ANY, Routes, host_for, matching, told

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


def access_line(asked: Asked, outcome: Outcome, decision: Decision, target: Target | None) -> str:
    """As HAProxy writes it (option httplog)."""
    when = EPOCH + timedelta(microseconds=asked.view.now)
    port = 1024 + asked.view.now // MILLISECOND % 60000  # whatever the client had free
    name, server = "<NOSRV>", "<NOSRV>"
    if isinstance(decision, Passed):
        service = decision.backend.service
        name = f"{service.namespace}_svc_{service.name}_{decision.backend.port}"
        server = "SRV_1" if target else "<NOSRV>"
    spent = outcome.takes // MILLISECOND
    frontend = "https" if asked.is_tls else "http"
    return (
        f"{asked.client}:{port} [{when:%d/%b/%Y:%H:%M:%S}.{when.microsecond // 1000:03}] {frontend} {name}/{server} "
        f"0/0/0/{spent}/{spent} {outcome.status} {len(outcome.body)} - - ---- 1/1/0/0/0 0/0 "
        f'"{asked.request.method} {asked.host}{asked.request.path} HTTP/1.1"'
    )
