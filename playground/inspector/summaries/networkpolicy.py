"""A NetworkPolicy: whom it picks, and who may come to them and where they may go (Kubernetes: NetworkPolicy)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.body import Body, dig, key_of, labels_of
from clusters.kinds.labelselector import shown
from clusters.kinds.selectors import matches
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.talks import talks
from playground.inspector.telling import Cell, Fact, Ref, Summary, Table, cell, counted, fact

SIDES = (("Ingress", "ingress", "from", "Who may come in"), ("Egress", "egress", "to", "Where they may go"))


def networkpolicy(body: Body, around: Around) -> Summary:
    picked = pods(body, around)
    tables = [rules(body, *side) for side in SIDES if side[0] in (dig(body, "spec.policyTypes") or ())]
    return Summary(
        tuple(says(body, picked)),
        facts=(*own_facts(body), *about(body, around)),
        tables=(*tables, talks(key_of(body).namespace, picked, around), picked_table(picked)),
    )


def pods(body: Body, around: Around) -> list[Body]:
    there = around.list("pods", key_of(body).namespace)
    return [pod for pod in there if matches(dig(body, "spec.podSelector") or {}, labels_of(pod))]


def says(body: Body, picked: Sequence[Body]) -> Iterator[str]:
    whom = shown(dig(body, "spec.podSelector"))
    which = "every pod of its namespace" if whom == "<none>" else f"pods with {whom}"
    yield f"{body['metadata']['name']} picks {which}: {counted(len(picked), 'pod')} now."
    for type_, side, _, _ in SIDES:
        if type_ in (dig(body, "spec.policyTypes") or ()) and not dig(body, f"spec.{side}"):
            word = "come to" if type_ == "Ingress" else "leave"
            yield f"It allows nothing to {word} them; what another policy allows, adds up."


def own_facts(body: Body) -> Iterator[Fact]:
    yield fact("Picks", shown(dig(body, "spec.podSelector")), mono=True)
    yield fact("For", ", ".join(dig(body, "spec.policyTypes") or ()))


def rules(body: Body, _: str, side: str, peers: str, title: str) -> Table:
    rows = [
        (cell("\n".join(peer(one) for one in rule.get(peers) or ()) or "everybody"), cell(ports(rule)))
        for rule in dig(body, f"spec.{side}") or ()
    ]
    return Table(title, ("Peers", "Ports"), tuple(rows), empty="Nobody.")


def peer(one: Body) -> str:
    """A peer in words."""
    if one.get("ipBlock"):
        block = one["ipBlock"]
        excepted = ", ".join(block.get("except") or ())
        return f"addresses of {block['cidr']}" + (f" without {excepted}" if excepted else "")
    pods_ = shown(one.get("podSelector"))
    who = "all pods" if pods_ == "<none>" else f"pods with {pods_}"
    if one.get("namespaceSelector") is None:
        return f"{who} of this namespace"
    spaces = shown(one["namespaceSelector"])
    return f"{who} of " + ("every namespace" if spaces == "<none>" else f"namespaces with {spaces}")


def ports(rule: Body) -> str:
    found = []
    for one in rule.get("ports") or ():
        end = f"–{one['endPort']}" if one.get("endPort") else ""
        found.append(f"{one.get('port', 'all')}{end}/{one.get('protocol') or 'TCP'}")
    return ", ".join(found) or "all"


def picked_table(picked: Sequence[Body]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for pod in picked:
        key = key_of(pod)
        rows.append((Cell((Ref("pods", key.namespace, key.name),)), cell(dig(pod, "status.podIP", "–"))))
    return Table("Pods", ("Pod", "Address"), tuple(rows), empty="It picks no pod.")
