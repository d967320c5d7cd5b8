"""What an Ingress controller does with a request: it answers itself, or passes it on to one of some endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body, Key, dig
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from clusters.reconcile.view import View
from networking.index import Index
from networking.ingress.brands import Running
from networking.ingress.routes import Backend

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the controller sees it: who asks, and whether it came in on the port for TLS."""

    view: View
    running: Running
    request: Request
    client: str
    is_tls: bool

    @property
    def host(self) -> str:
        """The name alone, without the port."""
        named = self.header("host") or self.request.host
        return named.rpartition(":")[0] if named.rpartition(":")[2].isdigit() and ":" in named else named

    @property
    def path(self) -> str:
        return self.request.path.partition("?")[0] or "/"

    @property
    def query(self) -> str:
        """With its question mark."""
        _, mark, query = self.request.path.partition("?")
        return mark + query

    @property
    def scheme(self) -> str:
        return "https" if self.is_tls else "http"

    def header(self, name: str) -> str:
        return next((value for one, value in self.request.headers if one.lower() == name.lower()), "")

    def cookie(self, name: str) -> str:
        for part in self.header("cookie").split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Target:
    """One place behind a Service; `host` is an address, or the name of an ExternalName Service."""

    host: str
    port: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The controller's own answer. `why` says which rule it goes by."""

    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class Passed:
    """It goes on. The targets are tried in this order; `headers` are added to what comes back."""

    ingress: Key
    backend: Backend
    targets: tuple[Target, ...]
    request: Request
    why: str
    headers: Headers = ()
    patience: Time = 60 * SECOND
    connects: Time = 5 * SECOND
    tls: bool = False  # the pod is asked by https
    errors: tuple[int, ...] = ()  # statuses for which the controller answers with a page of its own


Decision = Answered | Passed


def page(status: int, body: str, kind: str = "text/html", headers: Headers = ()) -> Outcome:
    data = body.encode()
    own = (("Content-Type", kind), ("Content-Length", str(len(data))))
    return Outcome(ok=True, status=status, headers=(*own, *headers), body=data, takes=MILLISECOND)


def targets_of(view: View, backend: Backend) -> Sequence[Target]:
    """The ready endpoints of a Service's port, by its EndpointSlices: controllers send to pods, past the Service."""
    service = view.get("services", backend.service)
    if service is None:
        return ()
    port = service_port(service, backend.port)
    if dig(service, "spec.type") == "ExternalName":
        number = port["port"] if port else backend.port
        return (Target(service["spec"]["externalName"], number),) if isinstance(number, int) else ()
    if port is None:
        return ()
    found: dict[Target, None] = {}
    for one in view.derived(Index).slices_of(backend.service):
        numbers = [p["port"] for p in one.get("ports") or () if (p.get("name") or "") == (port.get("name") or "")]
        for endpoint in (one.get("endpoints") or ()) if numbers else ():
            if dig(endpoint, "conditions.ready") is not False:
                for address in endpoint.get("addresses") or ():
                    found[Target(address, numbers[0], dig(endpoint, "targetRef.name", ""))] = None
    return tuple(found)


def service_port(service: Body, wanted: int | str) -> Body | None:
    """By number or by name."""
    for one in dig(service, "spec.ports") or ():
        if wanted in (one["port"], one.get("name")):
            found: Body = one
            return found
    return None
