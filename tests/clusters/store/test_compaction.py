"""The log forgets what nobody can ask for any more, and says so to whoever asks too late."""

from __future__ import annotations

import pytest
from django.db.models import F

from clusters.engine.birth import create_cluster
from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.kinds.body import Key, put
from clusters.kinds.problem import Status
from clusters.models import Change, Cluster, Output
from clusters.reconcile.clock import HOUR, MINUTE
from clusters.reconcile.writes import Create, Update
from clusters.store.clock import wall_now
from clusters.store.compaction import compact
from clusters.store.read import changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    made = create_cluster("test", nodes=1)
    driver = Driver(made.pk, "a")
    due = driver.slice()
    while due is not None and due <= wall_now():
        due = driver.slice()
    return Cluster.objects.get(pk=made.pk)


def age(cluster: Cluster, duration: int) -> None:
    Change.objects.filter(cluster=cluster).update(at=F("at") - duration)


def write(cluster: Cluster, name: str) -> None:
    with changing(cluster.pk, "alice") as tx:
        metadata = {"name": name, "namespace": "default"}
        tx.apply(Create("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}))


def write_renewals(cluster: Cluster, lease: dict[str, str], times: int) -> None:
    for number in range(times):
        with changing(cluster.pk, "kubelet/control-plane") as tx:
            body = tx.get("leases", Key(lease["namespace"], lease["name"]))
            assert body is not None
            tx.apply(Update("leases", put(body, "spec.leaseTransitions", number)))


def test_the_last_half_hour_is_kept_whole(cluster: Cluster) -> None:
    age(cluster, 30 * MINUTE)
    before = Change.objects.filter(cluster=cluster).exclude(resource="leases").count()

    compact(cluster)

    assert Change.objects.filter(cluster=cluster).exclude(resource="leases").count() == before


def test_of_lease_renewals_older_than_five_minutes_each_minute_keeps_its_last(cluster: Cluster) -> None:
    leases = Change.objects.filter(cluster=cluster, resource="leases")
    renewed = leases.values("namespace", "name").first()
    assert renewed is not None
    write_renewals(cluster, {name: str(value) for name, value in renewed.items()}, 3)
    lasts = {(line.namespace, line.name): line.revision for line in leases.order_by("revision")}
    leases.update(at=(wall_now() // MINUTE - 6) * MINUTE)

    compact(cluster)

    kept = {(line.namespace, line.name): line.revision for line in leases}
    assert kept == lasts
    assert leases.count() == len(lasts)


def test_a_reader_from_before_the_floor_is_told_that_it_is_gone(cluster: Cluster) -> None:
    age(cluster, 2 * HOUR)
    write(cluster, "fresh")

    compact(cluster)

    with pytest.raises(Status) as refused:
        changes(cluster.pk, 1)
    assert refused.value.code == 410
    assert [event.name for event in changes(cluster.pk, Cluster.objects.get(pk=cluster.pk).floor)] == ["fresh"]


def test_output_of_pods_that_are_gone_goes_too(cluster: Cluster) -> None:
    fields = {"cluster": cluster, "container": "web", "restart": 0, "revision": 1, "lines": [], "size": 2}
    Output.objects.create(owner="nobody", **fields)

    compact(cluster)

    assert not Output.objects.filter(owner="nobody").exists()
