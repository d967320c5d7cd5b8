"""The page that says why, read from a stored cluster."""

from __future__ import annotations

import pytest
from django.test import Client

from clusters.engine.birth import create_cluster
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, put
from clusters.models import Change, Cluster
from clusters.reconcile.writes import Create, Delete, Update

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=0)


def write(cluster: Cluster, one: Create | Update | Delete, actor: str = "alice") -> Body:
    with changing(cluster.pk, actor) as tx:
        answer = tx.apply(one)
    assert isinstance(answer, dict), answer
    return answer


def config(name: str) -> Body:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"a": "1"}}


def page(cluster: Cluster, path: str, **headers: str) -> str:
    return Client().get(f"/c/{cluster.slug}/why/{path}/", headers=headers).content.decode()


def test_the_chain_ends_at_the_user_and_leads_to_the_moment(cluster: Cluster) -> None:
    write(cluster, Create("configmaps", config("settings")))

    whole, part = (
        page(cluster, "configmaps/default/settings"),
        page(cluster, "configmaps/default/settings", **{"HX-Request": "true"}),
    )

    at = Change.objects.get(cluster=cluster, name="settings", op="ADDED").at
    assert "Why is settings here?" in whole
    assert "alice made config map " in whole
    assert f"?at={at}" in part
    assert "<html" in whole
    assert "<html" not in part


def test_what_is_gone_is_explained_as_long_as_the_log_has_it(cluster: Cluster) -> None:
    made = write(cluster, Create("configmaps", config("settings")))
    write(cluster, Delete("configmaps", made), actor="bob")

    whole = page(cluster, "configmaps/default/settings")

    assert "bob" in whole
    assert "does not remember" in page(cluster, "configmaps/default/never")


def test_beyond_the_log_an_object_still_knows_when_it_began_and_its_last_cause(cluster: Cluster) -> None:
    made = write(cluster, Create("configmaps", config("settings")))
    write(cluster, Update("configmaps", put(made, "data.a", "2")), actor="carol")
    Change.objects.filter(cluster=cluster).delete()

    whole = page(cluster, "configmaps/default/settings")

    assert f"was made at {made['metadata']['creationTimestamp'][11:19]}, before what the log still holds" in whole
    assert "changed last by carol" in whole


def test_a_kind_that_is_not_served_has_no_reasons(cluster: Cluster) -> None:
    assert Client().get(f"/c/{cluster.slug}/why/machines/_/worker-1/").status_code == 404
