"""A Service: its ports, and the pods that truly stand behind its address (Kubernetes: Services, EndpointSlices)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body, dig, key_of, labels_of
from clusters.kinds.selectors import matches_labels
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Cell, Fact, Ref, Summary, Table, cell, counted, fact, linked

NAME = "kubernetes.io/service-name"


def service(body: Body, around: Around) -> Summary:
    found = list(endpoints(body, around))
    return Summary(
        (says(body, found, around),),
        facts=(*own_facts(body), *about(body, around)),
        tables=(ports_table(body), endpoints_table(found)),
    )


def endpoints(body: Body, around: Around) -> Iterator[Body]:
    key = key_of(body)
    for one in around.list("endpointslices", key.namespace):
        if labels_of(one).get(NAME) == key.name:
            yield from one.get("endpoints") or ()


def is_ready(endpoint: Body) -> bool:
    return dig(endpoint, "conditions.ready", True) is not False


def says(body: Body, found: Sequence[Body], around: Around) -> str:
    name, selector = body["metadata"]["name"], dig(body, "spec.selector", {})
    ready = sum(1 for one in found if is_ready(one))
    address = dig(body, "spec.clusterIP", "its address")
    if ready:
        return f"What is sent to {name} ({address}) reaches {counted(ready, 'ready pod')}."
    if not selector:
        return f"{name} has no selector: somebody else must say what stands behind it."
    pods = [pod for pod in around.list("pods", key_of(body).namespace) if matches_labels(selector, labels_of(pod))]
    if pods:
        return f"0 endpoints: {name} selects {counted(len(pods), 'pod')}, but none of them is ready."
    wanted = ",".join(f"{label}={value}" for label, value in selector.items())
    return f"0 endpoints: no pod of this namespace has the labels {wanted} that {name} selects."


def own_facts(body: Body) -> Iterator[Fact]:
    yield fact("Type", dig(body, "spec.type", "ClusterIP"))
    yield fact("Address", dig(body, "spec.clusterIP", "none"), mono=True)
    selector = dig(body, "spec.selector", {})
    if selector:
        yield fact("Selector", "\n".join(f"{label}={value}" for label, value in selector.items()), mono=True)


def ports_table(body: Body) -> Table:
    """From the node's port to the container's, in the order in which a packet meets them."""
    rows = [
        (
            cell(port.get("nodePort", "–")),
            cell(port.get("port")),
            cell(port.get("targetPort", port.get("port"))),
            cell(port.get("protocol", "TCP")),
        )
        for port in dig(body, "spec.ports", ())
    ]
    return Table("Ports", ("nodePort", "port", "targetPort", "Protocol"), tuple(rows))


def endpoints_table(found: Sequence[Body]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        target = one.get("targetRef") or {}
        who = (
            Cell((Ref("pods", target.get("namespace", ""), target["name"]),))
            if target.get("kind") == "Pod"
            else cell("–")
        )
        state = cell("ready", "ready") if is_ready(one) else cell("not ready", "running")
        node = linked("nodes", "", one["nodeName"]) if one.get("nodeName") else cell("–")
        rows.append((who, cell(", ".join(one.get("addresses") or ())), node, state))
    return Table("Endpoints", ("Pod", "Address", "Node", "State"), tuple(rows), empty="0 endpoints.")
