"""An EndpointSlice: whose it is, and how each of its endpoints fares (Kubernetes: EndpointSlices)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, dig, key_of, labels_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Cell, Ref, Summary, Table, cell, counted, fact, linked

NAME, MANAGED_BY = "kubernetes.io/service-name", "endpointslice.kubernetes.io/managed-by"


def endpointslice(body: Body, around: Around) -> Summary:
    found: Sequence[Body] = body.get("endpoints") or ()
    ports = ", ".join(port(one) for one in body.get("ports") or ())
    facts = (fact("Ports", ports or "none", mono=True), fact("Kept by", labels_of(body).get(MANAGED_BY) or "hand"))
    return Summary((says(body, found),), facts=(*facts, *about(body, around)), tables=(table(found),))


def port(one: Body) -> str:
    return f"{one.get('name') or ''} {one.get('port', 'all')}/{one.get('protocol') or 'TCP'}".strip()


def says(body: Body, found: Sequence[Body]) -> str:
    service = labels_of(body).get(NAME)
    ready = sum(1 for one in found if dig(one, "conditions.ready", True) is not False)
    whose = f"of the Service {service}" if service else "of no Service: it lacks the label that names one"
    of = f"{counted(len(found), 'endpoint')} {whose}, {ready} of them ready."
    return f"{key_of(body).name} holds {of}"


def table(found: Sequence[Body]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        target = one.get("targetRef") or {}
        pod = target.get("kind") == "Pod"
        who = Cell((Ref("pods", target.get("namespace", ""), target["name"]),)) if pod else cell("–")
        node = linked("nodes", "", one["nodeName"]) if one.get("nodeName") else cell("–")
        rows.append((who, cell(", ".join(one.get("addresses") or ())), node, state(one.get("conditions") or {})))
    return Table("Endpoints", ("Pod", "Address", "Node", "State"), tuple(rows), empty="It is empty.")


def state(conditions: Body) -> Cell:
    """Ready; or about to go, and whether it still serves; or not ready."""
    if conditions.get("ready", True) is not False:
        return cell("ready", "ready")
    if conditions.get("terminating"):
        return cell("terminating, still serves" if conditions.get("serving") else "terminating", "terminating")
    return cell("not ready", "running")
