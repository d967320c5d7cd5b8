"""Through an Ingress controller's pod: what it decides, and the way on from there to a pod (Kubernetes: Ingress)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import orjson

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from clusters.reconcile.writes import Write
from networking.index import is_controller
from networking.ingress import haproxy, limiting, nginx
from networking.ingress.brands import HAPROXY, NGINX, Running, inside
from networking.ingress.certificates import fake, of_secret
from networking.ingress.decision import Answered, Asked, Decision, Passed, Target
from networking.ingress.routes import Routes, host_for
from networking.network.trip import TIMEOUT, Trip, sandbox_of

DECIDE: Mapping[str, Callable[[Asked], Decision]] = {NGINX.behaviour: nginx.decide, HAPROXY.behaviour: haproxy.decide}
LINES = {NGINX.behaviour: nginx.access_line, HAPROXY.behaviour: haproxy.access_line}
HTTPS = (443, 8443)


def controller_at(trip: Trip, pod: Body, port: int) -> Running | None:
    """The controller whose process takes the request; its port for http speaks no TLS."""
    box = sandbox_of(trip.view, pod) if trip.request.protocol == "http" else None
    if box is None or box.get("over") or not is_controller(box):
        return None
    for one in inside(box):
        if one.brand.behaviour in DECIDE and port in (one.ports[1:2] if trip.request.tls else one.ports[:2]):
            return one
    return None


def through(trip: Trip, pod: Body, port: int, by: Running) -> Outcome:
    """What comes back through the controller, with its line in the pod's log."""
    asked = Asked(trip.view, by, replace(trip.request, port=port), trip.client, port in HTTPS or trip.request.tls)
    shown = show_certificate(trip, asked) if asked.is_tls else ""
    come_by = len(trip.hops)
    decision = DECIDE[by.brand.behaviour](asked)
    trip.hop("ingress", by.brand.behaviour, decision.why)
    buckets = limiting.after(asked) if by.brand is NGINX else None
    if isinstance(decision, Answered):
        outcome, target = decision.outcome, None
    else:
        outcome, target = tried(trip, pod, decision)
    line = LINES[by.brand.behaviour](asked, outcome, decision, target)
    noted = log(trip, pod, port, line, buckets)
    if not noted.ok:  # it hangs: nothing of this has been
        del trip.hops[come_by:]
        return noted
    return replace(outcome, writes=(*outcome.writes, *noted.writes), certificate=shown)


def tried(trip: Trip, pod: Body, decision: Passed) -> tuple[Outcome, Target | None]:
    """One target after the other, as long as nobody there takes the connection (proxy_next_upstream)."""
    takes, timed_out = 0, False
    writes: tuple[Write, ...] = ()
    for target in decision.targets:
        found = once(trip, pod, decision, target)
        writes = (*writes, *found.writes)
        trip.hops.extend(found.hops[1:])  # that it is in the controller's pod is told
        takes += min(found.takes, decision.patience if found.ok else decision.connects)
        if found.ok and found.takes > decision.patience:
            timed_out = True
            break
        if found.ok:
            return answered(found, decision, takes + MILLISECOND, writes), target
        timed_out = found.reason == TIMEOUT
    page = nginx.error(504 if timed_out else 502)
    return replace(page, takes=takes + MILLISECOND, writes=writes), None


def once(trip: Trip, pod: Body, decision: Passed, target: Target) -> Outcome:
    """From the controller's pod by the network, as every other request."""
    request = replace(decision.request, port=target.port, tls=decision.tls)
    return trip.view.kernel.network.send(trip.view, pod, target.host, request)


def answered(outcome: Outcome, decision: Passed, takes: Time, writes: tuple[Write, ...]) -> Outcome:
    if outcome.status in decision.errors:
        page = nginx.error(outcome.status if outcome.status in nginx.TITLES else 500)
        return replace(page, takes=takes, writes=writes)
    kept = [(name, value) for name, value in outcome.headers if name.lower() != "server"]
    return replace(outcome, headers=(*kept, *decision.headers), takes=takes, writes=writes, hops=())


def show_certificate(trip: Trip, asked: Asked) -> str:
    """Which one the client gets to see (PEM), and why."""
    host = host_for(trip.view.derived(Routes).table(asked.running.claim, trip.view), asked.host)
    if host.tls is None:
        trip.hop("tls", "the controller's fake certificate", "no Secret is named for this host")
        return fake()
    found = of_secret(trip.view.get("secrets", host.tls), str(host.tls))
    if found.problem:
        trip.hop("tls", "the controller's fake certificate", found.problem)
        return fake()
    fits = "" if found.covers(asked.host) else f", which is not for {asked.host}: the fake one is shown"
    trip.hop("tls", f"certificate of {found.subject}", f"Secret {host.tls}, valid until {found.ends}{fits}")
    return fake() if fits else found.pem


def log(trip: Trip, pod: Body, port: int, line: str, buckets: Mapping[str, object] | None) -> Outcome:
    """The process writes its line, and keeps what it has to remember."""
    kept = b"" if buckets is None else orjson.dumps({"buckets": buckets})
    noted = Request("note", port, path=line, body=kept)
    return trip.view.kernel.containers.answer(trip.view, pod, noted)
