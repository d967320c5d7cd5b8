"""A write through the API asks the database little: what is asked next comes with what is asked first."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.engine.birth import create_cluster
from clusters.engine.reading import Reading
from clusters.engine.transaction import changing
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.reconcile.writes import Create

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were sent."""
    found: list[str] = []
    send = Reading._rows

    def counted(self: Reading, statement: str, *values: Any) -> list[Any]:
        found.append(statement)
        return send(self, statement, *values)

    monkeypatch.setattr(Reading, "_rows", counted)
    return found


def create(cluster: Cluster, resource: str, body: Body) -> Body | Status:
    with changing(cluster.pk, "alice") as tx:
        return tx.apply(Create(resource, body))


def config(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}


def quota(**hard: str) -> Body:
    metadata = {"name": "few", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard}}


def test_an_object_comes_with_its_namespace_and_its_quotas(asked: list[str]) -> None:
    cluster = create_cluster("test", nodes=0)
    asked.clear()

    create(cluster, "configmaps", config("one"))

    assert len(asked) == 1


def test_a_quota_that_came_along_refuses() -> None:
    cluster = create_cluster("test", nodes=0)
    create(cluster, "resourcequotas", quota(configmaps="2"))

    answers = [create(cluster, "configmaps", config(name)) for name in ("one", "two", "three")]

    assert [isinstance(answer, Status) for answer in answers] == [False, False, True]


def test_a_quota_of_the_same_transaction_counts() -> None:
    cluster = create_cluster("test", nodes=0)

    with changing(cluster.pk, "alice") as tx:
        first = tx.apply(Create("configmaps", config("one")))
        tx.apply(Create("resourcequotas", quota(configmaps="1")))
        second = tx.apply(Create("configmaps", config("two")))

    assert (isinstance(first, Status), isinstance(second, Status)) == (False, True)


def test_a_visitors_objects_are_counted_by_one_statement(asked: list[str]) -> None:
    cluster = create_cluster("test", nodes=0, limits={"objects": 1000})
    asked.clear()

    create(cluster, "configmaps", config("one"))

    assert len(asked) == 2
