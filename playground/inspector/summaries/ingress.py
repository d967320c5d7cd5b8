"""An Ingress: its rules, what stands behind them, and the certificate that it shows (Kubernetes: Ingress)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, dig, key_of
from networking.ingress.certificates import Certificate, of_secret
from networking.ingress.settings import PREFIX
from networking.kinds.ingress import addresses_of, class_of
from networking.kinds.ingressclass import is_default
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.service import endpoints, is_ready
from playground.inspector.telling import Cell, Fact, Ref, Summary, Table, cell, counted, fact

HEAD = ("Host", "Path", "Type", "Service", "Ready pods")


def ingress(body: Body, around: Around) -> Summary:
    tables = [rules(body, around)]
    if dig(body, "spec.tls"):
        tables.append(certificates(body, around))
    return Summary((says(body, around),), facts=(*own_facts(body), *about(body, around)), tables=tuple(tables))


def says(body: Body, around: Around) -> str:
    name, wanted, found = body["metadata"]["name"], class_of(body), addresses_of(body)
    if found:
        return f"{name} is open at {', '.join(found)}: what asks for its hosts there is sent on by its rules."
    if not wanted:
        return f"{name} has no address: it names no class, and no class is the default."
    if around.get("ingressclasses", "", wanted) is None:
        return f"{name} has no address: there is no IngressClass {wanted}."
    return f"{name} has no address: no running Ingress controller looks after class {wanted}."


def rules(body: Body, around: Around) -> Table:
    rows = [
        row(rule.get("host") or "*", path, body, around)
        for rule in dig(body, "spec.rules") or ()
        for path in dig(rule, "http.paths") or ()
    ]
    default = dig(body, "spec.defaultBackend")
    if default:
        rows.append(row("any other", {"backend": default, "path": "any other", "pathType": "–"}, body, around))
    return Table("Rules", HEAD, tuple(rows), empty="It has no rules.")


def row(host: str, path: Body, body: Body, around: Around) -> tuple[Cell, ...]:
    """A Service that is missing, or has nobody behind it, answers 503: said where one looks first."""
    namespace, named = key_of(body).namespace, dig(path, "backend.service.name", "")
    port = dig(path, "backend.service.port", {})
    service = around.get("services", namespace, named) if named else None
    first = (cell(host), cell(path.get("path") or "/"), cell(path.get("pathType") or ""))
    if not named:
        return (*first, cell("a resource"), cell("–"))
    if service is None:
        return (*first, cell(f"{named} (does not exist)", "crash"), cell("0", "crash"))
    ready = sum(1 for one in endpoints(service, around) if is_ready(one))
    behind = Cell((Ref("services", namespace, named), f":{port.get('number') or port.get('name')}"))
    return (*first, behind, cell(ready, "ready" if ready else "crash"))


def certificates(body: Body, around: Around) -> Table:
    """One line for each part of spec.tls."""
    head = ("Secret", "Subject", "For", "Valid", "State")
    return Table("Certificates", head, tuple(certificate_rows(body, around)))


def certificate_rows(body: Body, around: Around) -> Iterator[tuple[Cell, ...]]:
    namespace = key_of(body).namespace
    for tls in dig(body, "spec.tls") or ():
        name = tls.get("secretName") or ""
        secret = around.get("secrets", namespace, name) if name else None
        found = of_secret(secret, f"{namespace}/{name}") if name else Certificate(problem="no Secret is named")
        held = Cell((Ref("secrets", namespace, name),)) if secret is not None else cell(name or "–")
        missing = [host for host in tls.get("hosts") or () if not found.covers(host)]
        state = found.problem or (f"not for {', '.join(missing)}" if missing else "")
        told = cell(f"{state}: the fake certificate is shown", "notready") if state else cell("used", "ready")
        valid = f"{found.begins[:10]} to {found.ends[:10]}" if found.ends else "–"
        yield (held, cell(found.subject), cell(", ".join(found.names)), cell(valid), told)


def own_facts(body: Body) -> Iterator[Fact]:
    named = class_of(body)
    yield fact("Class", Ref("ingressclasses", "", named)) if named else fact("Class", "none")
    yield fact("Address", ", ".join(addresses_of(body)) or "none", mono=True)
    given = body["metadata"].get("annotations") or {}
    own = [f"{name.removeprefix(PREFIX)}: {text}" for name, text in given.items() if name.startswith(PREFIX)]
    if own:
        yield fact("Annotations", "\n".join(own), mono=True)


def ingressclass(body: Body, around: Around) -> Summary:
    name = body["metadata"]["name"]
    own = [one for one in around.list("ingresses") if class_of(one) == name]
    usual = " It is the default: an Ingress without a class gets it." if is_default(body) else ""
    rows = tuple(
        (
            Cell((Ref("ingresses", key_of(one).namespace, key_of(one).name),)),
            cell(", ".join(addresses_of(one)) or "no address"),
        )
        for one in own
    )
    many = f"{counted(len(own), 'Ingress', 'Ingresses')} of class {name} {'is' if len(own) == 1 else 'are'}"
    return Summary(
        (f"{many} looked after by {dig(body, 'spec.controller')}.{usual}",),
        facts=(fact("Controller", dig(body, "spec.controller", ""), mono=True), *about(body, around)),
        tables=(Table("Ingresses", ("Ingress", "Address"), rows, empty="None yet."),),
    )
