"""ingress-nginx: from a request to the Service's pods, by hosts, paths and annotations (ingress-nginx user guide)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Key
from clusters.reconcile.clock import SECOND
from networking.ingress import canary, limiting, sticky
from networking.ingress.access import refused_by_password, refused_by_source
from networking.ingress.cors import cors_headers, preflight
from networking.ingress.decision import Answered, Asked, Decision, Passed, Target, page, targets_of
from networking.ingress.routes import ANY, Host, Path, Routes, found_in, host_for, path_for, told

TITLES = {
    301: "Moved Permanently", 302: "Found", 303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Authorization Required", 403: "Forbidden", 404: "Not Found",
    413: "Request Entity Too Large", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Temporarily Unavailable", 504: "Gateway Time-out",
}  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BODY = 1 << 20  # proxy-body-size
SECURE = (("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),)


def decide(asked: Asked) -> Decision:
    """What nginx's configuration, made of all its Ingresses, does with this request."""
    table = asked.view.derived(Routes).table(asked.running.claim, asked.view)
    host = host_for(table, asked.host)
    line = path_for(host, asked.path) or host.default
    if line is None and host.name != ANY and not host.paths:
        line = path_for(table[ANY], asked.path) or table[ANY].default
    if line is None:
        if asked.path == "/healthz" and host.name == ANY:
            return Answered(page(200, ""), "its own health")
        return Answered(error(404), nobody_wants(asked, host))
    early = before_passing(asked, host, line)
    return early if early is not None else passed_on(asked, host, line)


def nobody_wants(asked: Asked, host: Host) -> str:
    if host.name == ANY:
        return f"no rule names the host {asked.host or '(none)'}: the default backend answers"
    return f"host {host.name} has no path for {asked.path}: the default backend answers"


def before_passing(asked: Asked, host: Host, line: Path) -> Answered | None:
    """What ends here: in the order of nginx's phases."""
    rules, why = line.settings, told(host, line)
    if not asked.is_tls and redirects_to_tls(host, line):
        name = host.name if host.name != ANY and "*" not in host.name else asked.host
        return Answered(redirect(308, f"https://{name}{asked.request.path}"), f"{why}: to https")
    if rules.text("temporal-redirect"):
        return Answered(redirect(rules.number("temporal-redirect-code", 302), rules.text("temporal-redirect")), why)
    if rules.text("permanent-redirect"):
        return Answered(redirect(rules.number("permanent-redirect-code", 301), rules.text("permanent-redirect")), why)
    if rules.text("app-root") and asked.path == "/":
        return Answered(redirect(302, f"{asked.scheme}://{asked.host}{rules.text('app-root')}"), f"{why}: app-root")
    limited = limiting.refused(asked, line)
    if limited:
        return Answered(error(503), f"{why}: {limited}")
    source = refused_by_source(asked, rules)
    if source:
        return Answered(error(403), f"{why}: {source}")
    password = refused_by_password(asked, line)
    if password:
        return Answered(password, f"{why}: no password that fits")
    most = rules.size("proxy-body-size", BODY)
    if most and len(asked.request.body) > most:
        return Answered(error(413), f"{why}: more than proxy-body-size {rules.text('proxy-body-size', '1m')}")
    return Answered(preflight(rules), f"{why}: CORS") if rules.is_on("enable-cors") and is_preflight(asked) else None


def is_preflight(asked: Asked) -> bool:
    return asked.request.method == "OPTIONS"


def redirects_to_tls(host: Host, line: Path) -> bool:
    rules = line.settings
    return rules.is_on("force-ssl-redirect") or (host.has_tls and rules.is_on("ssl-redirect", True))


def passed_on(asked: Asked, host: Host, line: Path) -> Decision:
    chosen, because = canary.choose(asked, host, line)
    why = told(host, line) + because
    if chosen.backend is None:
        return Answered(error(503), f"{why}: a resource as backend, which nobody serves here")
    backend, found = chosen.backend, list(targets_of(asked.view, chosen.backend))
    if not found and line.settings.text("default-backend"):
        backend = replace(backend, service=Key(line.ingress.namespace, line.settings.text("default-backend")))
        found = list(targets_of(asked.view, backend))
    if not found:
        there = asked.view.get("services", backend.service) is not None
        missing = "has no endpoints with that port" if there else "does not exist"
        return Answered(error(503), f"{why}: Service {backend} {missing}")
    targets, set_cookie = sticky.ordered(asked, chosen, found)
    secure = SECURE if asked.is_tls else ()
    rules = line.settings
    return Passed(
        line.ingress,
        backend,
        targets,
        onward(asked, host, line),
        why,
        (*secure, *cors_headers(asked, rules), *set_cookie),
        rules.number("proxy-read-timeout", 60) * SECOND,
        rules.number("proxy-connect-timeout", 5) * SECOND,
        rules.text("backend-protocol").upper() == "HTTPS",
        tuple(int(one) for one in rules.words("custom-http-errors") if one.isdigit()),
    )


def onward(asked: Asked, host: Host, line: Path) -> Request:
    """The request as the pod gets it: another path, perhaps, and who asked first."""
    path, _, query = rewritten(asked, line).partition("?")
    rest = "&".join(one for one in (query, asked.query.removeprefix("?")) if one)
    own = line.settings.text("upstream-vhost") or asked.header("host") or asked.request.host
    told_host = asked.header("host") or asked.request.host
    kept = [(name, value) for name, value in asked.request.headers if name.lower() not in FORWARDED]
    headers = [
        ("Host", own),
        ("X-Request-ID", asked.header("x-request-id") or asked.view.random.uid().replace("-", "")),
        ("X-Real-IP", asked.client),
        ("X-Forwarded-For", asked.client),
        ("X-Forwarded-Host", told_host),
        ("X-Forwarded-Port", "443" if asked.is_tls else "80"),
        ("X-Forwarded-Proto", asked.scheme),
        ("X-Forwarded-Scheme", asked.scheme),
        ("X-Scheme", asked.scheme),
        *kept,
    ]
    prefix = line.settings.text("x-forwarded-prefix")
    if prefix:
        headers.append(("X-Forwarded-Prefix", prefix))
    return replace(
        asked.request, path=(path or "/") + (f"?{rest}" if rest else ""), headers=tuple(headers),
        host=own.partition(":")[0], client=""
    )  # fmt: skip


FORWARDED = (
    "host", "x-request-id", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port",
    "x-forwarded-proto", "x-forwarded-scheme", "x-scheme",
)  # fmt: skip


def rewritten(asked: Asked, line: Path) -> str:
    """rewrite-target, with $1, $2, ... for what the path's groups caught."""
    target = line.settings.rewrites
    if not target or target == line.text:
        return asked.path
    found = found_in(line.text, asked.path)
    groups = found.groups() if found else ()
    for number in range(9, 0, -1):
        target = target.replace(f"${number}", (groups[number - 1] or "") if number <= len(groups) else "")
    return target if target.startswith("/") else f"/{target}"


def access_line(asked: Asked, outcome: Outcome, decision: Decision, target: Target | None) -> str:
    """As ingress-nginx writes it (upstreaminfo)."""
    when = f"{EPOCH + timedelta(microseconds=asked.view.now):%d/%b/%Y:%H:%M:%S +0000}"
    request = asked.request
    said = (
        f'{asked.client} - - [{when}] "{request.method} {request.path} HTTP/1.1" {outcome.status} {len(outcome.body)}'
    )
    said += f' "{asked.header("referer") or "-"}" "{asked.header("user-agent") or "-"}" {len(request.body)}'
    takes = f"{outcome.takes / 1_000_000:.3f}"
    if isinstance(decision, Answered):
        return f"{said} {takes} [-] [] - - - -"
    name = f"{decision.backend.service.namespace}-{decision.backend.service.name}-{decision.backend.port}"
    where = f"{target.host}:{target.port}" if target else "-"
    return f"{said} {takes} [{name}] [] {where} {len(outcome.body)} {takes} {outcome.status}"


def error(status: int) -> Outcome:
    title = f"{status} {TITLES[status]}"
    words = f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>"
    return page(status, f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n{words}\r\n</body>\r\n</html>\r\n")


def redirect(status: int, to: str) -> Outcome:
    found = error(status) if status in TITLES else error(302)
    return replace(found, status=status, headers=(*found.headers, ("Location", to)))
