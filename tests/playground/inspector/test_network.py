"""What the pages of EndpointSlices and NetworkPolicies say."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.inspector.summaries import summary_of
from playground.inspector.telling import Table
from playground.timeline.line import Name
from tests.playground.things import Around, deployment, pod, replicaset, thing


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


def at(name: str, address: str, space: str = "default", owner: Body | None = None, **labels: str) -> Body:
    """A pod that runs there."""
    found = pod(name, "worker-1", owner, status={"podIP": address, "phase": "Running"}, metadata={"labels": labels})
    return {**found, "metadata": {**found["metadata"], "namespace": space}}


def surroundings(*policies: Body) -> Around:
    web = replicaset("web-1", owner=deployment("web"))
    pods = [at("web-a", "10.244.1.2", owner=web, app="web"), at("web-b", "10.244.2.2", owner=web, app="web"),
            at("db", "10.244.1.4", app="db"), at("probe", "10.244.3.2", "other")]  # fmt: skip
    spaces = [thing("v1", "Namespace", name, status={"phase": "Active"}) for name in ("default", "other")]
    return Around(pods=pods, replicasets=[web], namespaces=spaces, networkpolicies=list(policies))


def from_web() -> Body:
    rule = {"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432, "protocol": "TCP"}]}
    spec = {"podSelector": {"matchLabels": {"app": "db"}}, "policyTypes": ["Ingress"], "ingress": [rule]}
    return thing("networking.k8s.io/v1", "NetworkPolicy", "db", "default", spec=spec)


def test_a_policys_page_shows_who_may_talk_to_whom() -> None:
    summary = summary_of(kinds()["networkpolicies"], from_web(), surroundings(from_web()))

    grid = next(table for table in summary.tables if table.title == "Who may talk to whom")
    assert grid.head == ("from / to", "db *", "web", "other", "outside")
    assert words(grid) == [
        ["db  *", "", "all", "all", "all"],
        ["web  × 2", "5432/TCP", "all", "all", "all"],
        ["namespace  other", "no", "all", "", "all"],
        ["outside the cluster", "no", "all", "all", ""],
    ]
    assert "This policy picks those with *." in grid.below


def test_a_namespaces_page_shows_it_where_there_are_policies() -> None:
    around = surroundings(from_web())
    with_, without = (around.get("namespaces", "", name) for name in ("default", "other"))
    assert with_ is not None
    assert without is not None

    shown = summary_of(kinds()["namespaces"], with_, around).tables[-1]
    none = summary_of(kinds()["namespaces"], without, around).tables[-1]

    assert shown.head == ("from / to", "db", "web", "other", "outside")
    assert none.empty == "It has no NetworkPolicy: everybody may come to everybody in it."


def test_a_pods_page_names_the_policies_that_pick_it() -> None:
    around = surroundings(from_web())
    db, web = (next(one for one in around.list("pods") if one["metadata"]["name"] == name) for name in ("db", "web-a"))

    picked, free = (summary_of(kinds()["pods"], one, around) for one in (db, web))

    assert [fact.words for fact in picked.facts if fact.label == "Policies"] == [
        (Name("networkpolicies", "default", "db"),)
    ]
    assert words(picked.tables[-1])[1] == ["web  × 2", "5432/TCP", "all"]
    assert [table.title for table in free.tables] == ["Containers"]
