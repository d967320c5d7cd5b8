"""Commits: revisions without gaps, all or nothing, and the log as it was written."""

from __future__ import annotations

import threading

import orjson
import pytest
from django.db import connection, transaction

from clusters.engine.birth import create_cluster, delete_cluster, start_over
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.models import Change, Cluster, KubeObject
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store.commit import Conflict, store
from clusters.store.read import changes, get, listing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=1)


def config(name: str, **data: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}, "data": data}


def fail_in_the_middle(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("configmaps", config("one")))
        raise RuntimeError


def revisions(cluster: Cluster) -> list[int]:
    return [event.revision for event in changes(cluster.pk, 0, 10**6)]


def test_every_write_takes_the_next_revision(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        for name in ("one", "two", "three"):
            tx.apply(Create("configmaps", config(name)))

    cluster.refresh_from_db()
    assert revisions(cluster) == list(range(1, cluster.revision + 1))


def test_the_log_holds_the_object_as_it_was_stored(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("configmaps", config("one", a="ü")))

    last = changes(cluster.pk, 0, 1000)[-1]
    stored = get(cluster.pk, "configmaps", Key("default", "one"))
    assert stored is not None
    assert (stored.body, stored.revision) == (last.body, last.revision)
    assert orjson.loads(last.body)["metadata"]["resourceVersion"] == str(last.revision)
    assert (last.actor, last.op) == ("alice", "ADDED")


def test_an_exception_inside_leaves_nothing_behind(cluster: Cluster) -> None:
    before = Cluster.objects.get(pk=cluster.pk).revision
    with pytest.raises(RuntimeError):
        fail_in_the_middle(cluster)

    assert Cluster.objects.get(pk=cluster.pk).revision == before
    assert get(cluster.pk, "configmaps", Key("default", "one")) is None


def test_a_dry_run_is_admitted_but_not_stored(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice", dry_run=True) as tx:
        made = tx.apply(Create("configmaps", config("one")))

    assert not isinstance(made, Status)
    assert get(cluster.pk, "configmaps", Key("default", "one")) is None


def test_several_writes_of_one_object_are_one_row_and_several_lines(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        made = tx.apply(Create("configmaps", config("one", a="1")))
        assert isinstance(made, dict)
        made = tx.apply(Update("configmaps", {**made, "data": {"a": "2"}}))
        assert isinstance(made, dict)
        tx.apply(Delete("configmaps", made))
        tx.apply(Create("configmaps", config("one", a="3")))

    lines = Change.objects.filter(cluster=cluster, resource="configmaps", name="one").order_by("revision")
    assert [line.op for line in lines] == ["ADDED", "MODIFIED", "DELETED", "ADDED"]
    assert KubeObject.objects.get(cluster=cluster, resource="configmaps", name="one").body["data"] == {"a": "3"}


def test_a_write_against_an_old_version_is_a_conflict_and_stores_nothing(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("configmaps", config("one", a="1")))
        entries = list(tx.entries)
    with changing(cluster.pk, "bob") as tx:
        stored = tx.get("configmaps", Key("default", "one"))
        assert stored is not None
        tx.apply(Update("configmaps", {**stored, "data": {"a": "2"}}))

    with pytest.raises(Conflict), transaction.atomic():
        store(cluster.pk, entries, 10_000, 0)
    assert not Change.objects.filter(cluster=cluster, revision__gte=10_000).exists()


def test_an_old_resource_version_is_refused_as_a_conflict(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        made = tx.apply(Create("configmaps", config("one", a="1")))
        assert isinstance(made, dict)
        tx.apply(Update("configmaps", {**made, "data": {"a": "2"}}))
        answer = tx.apply(Update("configmaps", {**made, "data": {"a": "3"}}))

    assert isinstance(answer, Status)
    assert (answer.code, answer.reason) == (409, "Conflict")


def test_writers_at_the_same_time_never_share_or_skip_a_revision(cluster: Cluster) -> None:
    def write(writer: int) -> None:
        for number in range(10):
            with changing(cluster.pk, f"writer-{writer}") as tx:
                tx.apply(Create("configmaps", config(f"c-{writer}-{number}")))
        connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = revisions(cluster)
    assert found == list(range(1, len(found) + 1))
    assert sum(row.name.startswith("c-") for row in listing(cluster.pk, "configmaps").rows) == 40


def test_a_list_and_its_revision_belong_together(cluster: Cluster) -> None:
    found = listing(cluster.pk, "namespaces")

    cluster.refresh_from_db()
    assert found.revision == cluster.revision
    names = ["default", "ingress-nginx", "kube-node-lease", "kube-public", "kube-system"]
    assert [row.name for row in found.rows] == names


def test_labels_before_a_change_stand_in_the_log_where_they_differ(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        made = tx.apply(Create("configmaps", config("one")))
        assert isinstance(made, dict)
        tx.apply(Update("configmaps", {**made, "metadata": {**made["metadata"], "labels": {"a": "b"}}}))

    last = changes(cluster.pk, 0, 1000)[-1]
    assert last.was is not None
    assert last.was["labels"] == {}


def test_starting_over_brings_back_the_first_objects_and_goes_on_counting(cluster: Cluster) -> None:
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("configmaps", config("one")))
    before = Cluster.objects.get(pk=cluster.pk).revision

    start_over(cluster)

    assert get(cluster.pk, "configmaps", Key("default", "one")) is None
    assert len(listing(cluster.pk, "namespaces").rows) == 5
    found = revisions(cluster)
    assert found == list(range(1, len(found) + 1))
    assert found[-1] > before


def test_a_deleted_cluster_leaves_no_row(cluster: Cluster) -> None:
    delete_cluster(cluster)

    assert not Cluster.objects.filter(pk=cluster.pk).exists()
    assert not KubeObject.objects.filter(cluster_id=cluster.pk).exists()
    assert not Change.objects.filter(cluster_id=cluster.pk).exists()
