"""What the pages of EndpointSlices and NetworkPolicies say."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.inspector.summaries import summary_of
from playground.inspector.telling import Table
from tests.playground.things import Around


def words(table: Table) -> list[list[str]]:
    return [[" ".join(getattr(word, "name", str(word)) for word in cell.words) for cell in row] for row in table.rows]


def test_a_policy_says_whom_it_picks_and_who_may_come() -> None:
    spec: Body = {
        "podSelector": {"matchLabels": {"app": "web"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {"from": [{"podSelector": {"matchLabels": {"app": "front"}}}], "ports": [{"port": 80, "endPort": 90}]}
        ],
    }
    body = {"metadata": {"name": "rules", "namespace": "default"}, "spec": spec}

    summary = summary_of(kinds()["networkpolicies"], body, Around())

    assert summary.says == (
        "rules picks pods with app=web: 0 pods now.",
        "It allows nothing to leave them; what another policy allows, adds up.",
    )
    assert words(summary.tables[0]) == [["pods with app=front of this namespace", "80–90/TCP"]]


def test_a_slice_says_how_its_endpoints_fare() -> None:
    endpoints = [
        {"addresses": ["10.244.1.2"], "conditions": {"ready": True}, "nodeName": "worker-1"},
        {"addresses": ["10.244.1.3"], "conditions": {"ready": False, "serving": True, "terminating": True}},
        {"addresses": ["10.244.1.4"], "conditions": {"ready": False}},
    ]
    labels = {"kubernetes.io/service-name": "web"}
    body = {"metadata": {"name": "web-1", "namespace": "default", "labels": labels}, "addressType": "IPv4",
            "ports": [{"name": "", "port": 80, "protocol": "TCP"}], "endpoints": endpoints}  # fmt: skip

    summary = summary_of(kinds()["endpointslices"], body, Around())

    assert summary.says == ("web-1 holds 3 endpoints of the Service web, 1 of them ready.",)
    assert [row[3] for row in words(summary.tables[0])] == ["ready", "terminating, still serves", "not ready"]
