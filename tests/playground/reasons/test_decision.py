"""What the scheduler weighed is worked out again from the objects that it saw."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from clusters.engine.birth import create_cluster
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, Key, put
from clusters.models import Change, Cluster
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store.past import objects_at
from playground.reasons.decision import GATED, NOBODY, NOT_BY_SCHEDULER, NOT_YET, TOO_OLD, looks
from playground.reasons.table import weighing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    made = create_cluster("test", nodes=0)
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "default"}}
    write(made, Create("serviceaccounts", account))
    return made


def node(name: str, cpu: str = "4") -> Body:
    room = {"cpu": cpu, "memory": "8Gi", "pods": "110"}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": {"allocatable": room}}


def pod(name: str, **spec: Any) -> Body:
    container = {"name": "main", "image": "nginx", "resources": {"requests": {"cpu": "1"}}}
    own = {"containers": [container], "tolerations": [{"operator": "Exists"}], **spec}
    head = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}}
    return {**head, "spec": own}


def write(cluster: Cluster, *writes: Create | Update | Delete, actor: str = "admin") -> Body:
    answer: Any = None
    for one in writes:
        with changing(cluster.pk, actor) as tx:
            answer = tx.apply(one)
        assert isinstance(answer, dict), answer
    found: Body = answer
    return found


def bind(cluster: Cluster, body: Body, to: str) -> Body:
    bound = put(body, "spec.nodeName", to)
    return write(cluster, Update("pods", bound, None, "", "binding"), actor="default-scheduler")


def test_a_choice_is_explained_by_the_nodes_that_were_there_then(cluster: Cluster) -> None:
    write(cluster, Create("nodes", node("small", "2")), Create("nodes", node("large")))
    bound = bind(cluster, write(cluster, Create("pods", pod("web"))), "large")
    with changing(cluster.pk, "admin") as tx:
        gone = tx.get("nodes", Key("", "small"))
    assert gone is not None
    write(cluster, Delete("nodes", gone))

    (look,) = looks(cluster, bound)

    assert look.explanation is not None
    assert [row.node for row in look.explanation.rows] == ["large", "small"]
    assert look.explanation.chosen == look.chosen == "large"
    table = weighing(look)
    assert table.told == "large had the most points of the 2 on which it may run, out of 2 nodes."
    assert [(line.node, line.tone) for line in table.lines] == [("large", "chosen"), ("small", "fits")]
    for line in table.lines:
        assert sum(int(mark.word) for mark in line.scores) == int(line.total)


def test_when_the_log_no_longer_reaches_back_this_is_said(cluster: Cluster) -> None:
    write(cluster, Create("nodes", node("large")))
    bound = bind(cluster, write(cluster, Create("pods", pod("web"))), "large")
    Change.objects.filter(cluster=cluster, resource="pods").delete()

    (look,) = looks(cluster, bound)

    assert (look.told, look.explanation) == (TOO_OLD, None)


def test_a_node_whose_state_was_forgotten_is_not_guessed(cluster: Cluster) -> None:
    made = write(cluster, Create("nodes", node("large")))
    bound = bind(cluster, write(cluster, Create("pods", pod("web"))), "large")
    write(cluster, Update("nodes", put(made, "spec.unschedulable", True)))
    Change.objects.filter(cluster=cluster, resource="nodes", op="ADDED").delete()

    assert looks(cluster, bound)[0].told == TOO_OLD


def test_pods_that_no_scheduler_chose_for_say_so(cluster: Cluster) -> None:
    write(cluster, Create("nodes", node("large")))
    gates = [{"name": "example.com/wait"}]
    cases = {
        NOT_BY_SCHEDULER: pod("here", nodeName="large"),
        GATED: pod("gated", schedulingGates=gates),
        NOT_YET: pod("new"),
        NOBODY.format("mine"): pod("stranger", schedulerName="mine"),
    }

    told = {looks(cluster, write(cluster, Create("pods", body)))[0].told for body in cases.values()}

    assert told == set(cases)


def test_objects_are_as_they_were(cluster: Cluster) -> None:
    first = write(cluster, Create("nodes", node("a")), Create("nodes", node("b")))
    then = int(first["metadata"]["resourceVersion"])
    write(cluster, Update("nodes", put(first, "spec.unschedulable", True)), Create("nodes", node("c")))

    past = objects_at(cluster.pk, then, ["nodes"])

    assert [one["metadata"]["name"] for one in past.objects["nodes"]] == ["a", "b"]
    assert [one["spec"].get("unschedulable") for one in past.objects["nodes"]] == [None, None]
    assert past.lost == []


def test_the_page_shows_the_table_and_only_pods_have_one(cluster: Cluster) -> None:
    write(cluster, Create("nodes", node("small", "2")), Create("nodes", node("large")))
    bind(cluster, write(cluster, Create("pods", pod("web"))), "large")
    base, client = f"/c/{cluster.slug}/inspect", Client()

    whole = client.get(f"{base}/pods/default/web/scheduling/").content.decode()
    part = client.get(f"{base}/pods/default/web/scheduling/", headers={"HX-Request": "true"}).content.decode()

    assert "large had the most points" in whole
    assert "large had the most points" in part
    assert "<html" not in part
    assert client.get(f"{base}/nodes/_/large/scheduling/").status_code == 404
