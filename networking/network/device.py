"""F5's BIG-IP: a device outside the cluster, set up by its controller from Ingresses, which sends to node ports.

What it was told it goes on doing while its controller is away: the address stays in the Ingress.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clusters.kernel import Outcome
from clusters.kinds.body import Body, dig
from clusters.reconcile.view import View
from networking.ingress.brands import F5, Claim
from networking.ingress.decision import page, service_port
from networking.ingress.routes import ANY, Backend, Host, compiled, host_for, is_claimed, matching
from networking.kinds.ingress import addresses_of
from networking.network.trip import REFUSED, Trip

CLAIM = Claim(F5.controller, F5.class_name)
PORT = "virtual-server.f5.com/http-port"


def ingresses_at(view: View, address: str) -> Sequence[Body]:
    """Those for which the device listens at this address."""
    there = view.list("ingresses")
    return [one for one in there if address in addresses_of(one) and is_claimed(one, CLAIM, view)]


Nodes = Callable[[Body], Sequence[str]]


def answer(
    trip: Trip, address: str, found: Sequence[Body], nodes: Nodes, send: Callable[[str, int], Outcome]
) -> Outcome:
    """By host and path to a node's port. `nodes` are fit for a Service; `send` goes on to one of them."""
    fits = [one for one in found if port_of(one) == trip.request.port]
    if not fits:
        return trip.fail(REFUSED, "device", f"BIG-IP {address}", f"does not listen on port {trip.request.port}")
    wanted = next((value for name, value in trip.request.headers if name.lower() == "host"), trip.request.host)
    host: Host = host_for(compiled(fits), wanted.partition(":")[0])
    path = trip.request.path.partition("?")[0]
    line = next(matching(host.paths, path), None) or host.default
    if line is None or line.backend is None:
        trip.hop("device", f"BIG-IP {address}", f"no rule for host {wanted or '(none)'} and path {path}")
        return trip.done(page(404, "", "text/html"))
    where = "any host" if host.name == ANY else f"host {host.name}"
    number = node_port(trip.view, line.backend)
    service = trip.view.get("services", line.backend.service)
    ready = list(nodes(service)) if service is not None and number else []
    if not ready or number is None:
        why = f"Ingress {line.ingress}: Service {line.backend} has no node port" if number is None else "no node is fit"
        return trip.fail("connection reset by peer", "device", f"BIG-IP {address}", why)
    node = trip.view.random.pick(ready)
    trip.hop("device", f"BIG-IP {address}", f"Ingress {line.ingress}: {where}, path {line}; to {node}:{number}")
    return send(node, number)


def port_of(ingress: Body) -> int:
    text = (ingress["metadata"].get("annotations") or {}).get(PORT, "80")
    return int(text) if text.isdigit() else 80


def node_port(view: View, backend: Backend) -> int | None:
    """None for a Service that has none."""
    service = view.get("services", backend.service)
    found = service_port(service, backend.port) if service is not None else None
    return dig(found, "nodePort") if found else None
