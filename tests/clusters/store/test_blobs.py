"""Long texts of the machine room are kept once, read back whole, and forgotten when nothing refers to them."""

from __future__ import annotations

import orjson
import pytest
from django.db.models import F

from clusters.engine.birth import create_cluster, delete_cluster, start_over
from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, Key
from clusters.models import Blob, BlobUse, Change, Cluster, KubeObject
from clusters.reconcile.clock import HOUR
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store import blobs
from clusters.store.clock import wall_now
from clusters.store.compaction import compact
from clusters.store.read import changes
from tests.clusters.controllers.storage import claim, storageclass, user_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]

TEXT = "".join(f"line {number}\n" for number in range(20_000))  # three pieces
PLACE = Key("", "disk")


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=0)


def disk(**files: str) -> Body:
    head = {"apiVersion": "machine.podium.dev/v1", "kind": "Disk", "metadata": {"namespace": "", "name": "disk"}}
    return {**head, "files": files}


def keep(cluster: Cluster, **files: str) -> Body:
    with changing(cluster.pk, "kubelet/worker-1") as tx:
        known = tx.get("disks", PLACE)
        answer = tx.apply(Update("disks", {**known, "files": files}) if known else Create("disks", disk(**files)))
    assert isinstance(answer, dict)
    return answer


def held(cluster: Cluster) -> Body:
    with changing(cluster.pk, "reader") as tx:
        found = tx.get("disks", PLACE)
    assert found is not None
    files: Body = found["files"]
    return files


def settle(driver: Driver) -> None:
    due = driver.slice()
    while due is not None and due <= wall_now():
        due = driver.slice()


def test_a_long_text_is_read_as_it_was_written(cluster: Cluster) -> None:
    keep(cluster, long=TEXT, short="short")

    assert held(cluster) == {"long": TEXT, "short": "short"}


def test_neither_the_row_nor_the_log_carries_it(cluster: Cluster) -> None:
    keep(cluster, long=TEXT)

    row = KubeObject.objects.get(cluster=cluster, resource="disks")
    line = Change.objects.filter(cluster=cluster, resource="disks").last()
    assert line is not None
    assert len(orjson.dumps(row.body)) < 1000
    assert row.body == line.body


def test_the_same_text_is_kept_once(cluster: Cluster) -> None:
    keep(cluster, one=TEXT)
    count = Blob.objects.filter(cluster=cluster).count()

    keep(cluster, one=TEXT, two=TEXT)

    assert Blob.objects.filter(cluster=cluster).count() == count
    assert held(cluster)["two"] == TEXT


def test_what_is_appended_costs_the_last_piece_alone(cluster: Cluster) -> None:
    keep(cluster, log=TEXT)
    count = Blob.objects.filter(cluster=cluster).count()

    keep(cluster, log=TEXT + "more")

    assert Blob.objects.filter(cluster=cluster).count() == count + 1


@pytest.mark.parametrize("text", ["blob:", f"blob:{'0' * 32}", "blob:nonsense", "ünï" * 5000, "\U000f0000" * 9000])
def test_no_text_is_mistaken_for_a_name(cluster: Cluster, text: str) -> None:
    keep(cluster, odd=text)

    assert held(cluster) == {"odd": text}


def test_what_the_api_serves_is_never_touched(cluster: Cluster) -> None:
    data = {"long": TEXT, "odd": "blob:nonsense"}
    metadata = {"name": "long", "namespace": "default"}
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}))

    with changing(cluster.pk, "reader") as tx:
        found = tx.list("configmaps", "default")

    assert next(one["data"] for one in found if one["metadata"]["name"] == "long") == data


def test_an_earlier_state_can_be_read_whole_from_the_log(cluster: Cluster) -> None:
    first = keep(cluster, a=TEXT)
    keep(cluster, a="gone")

    revision = int(first["metadata"]["resourceVersion"])
    (event,) = changes(cluster.pk, revision - 1, 1)

    assert blobs.parsed(cluster.pk, event.resource, event.body)["files"] == {"a": TEXT}


def test_what_nobody_refers_to_is_swept(cluster: Cluster) -> None:
    keep(cluster, a=TEXT)
    with changing(cluster.pk, "kubelet/worker-1") as tx:
        tx.apply(Delete("disks", disk()))
    compact(Cluster.objects.get(pk=cluster.pk))
    assert Blob.objects.filter(cluster=cluster).exists()  # the log still has it

    Change.objects.filter(cluster=cluster).update(at=F("at") - 2 * HOUR)
    compact(Cluster.objects.get(pk=cluster.pk))

    assert not Blob.objects.filter(cluster=cluster).exists()
    assert not BlobUse.objects.filter(cluster=cluster).exists()


def test_what_a_living_object_has_stays_however_old_it_is(cluster: Cluster) -> None:
    keep(cluster, a=TEXT)
    Change.objects.filter(cluster=cluster).update(at=F("at") - 2 * HOUR)

    compact(Cluster.objects.get(pk=cluster.pk))

    assert held(cluster) == {"a": TEXT}


def test_where_it_is_too_much_the_past_goes_first(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        keep(cluster, a=TEXT + str(number) * 70_000)
    monkeypatch.setattr(blobs, "KEEP", 500_000)

    compact(Cluster.objects.get(pk=cluster.pk))

    assert sum(blob.size for blob in Blob.objects.filter(cluster=cluster)) <= 500_000
    assert held(cluster) == {"a": TEXT + "7" * 70_000}


def test_a_cluster_goes_with_its_blobs(cluster: Cluster) -> None:
    keep(cluster, a=TEXT)

    delete_cluster(cluster)

    assert not Blob.objects.exists()


def test_starting_over_empties_the_disks(cluster: Cluster) -> None:
    keep(cluster, a=TEXT)

    start_over(cluster)

    assert not KubeObject.objects.filter(cluster=cluster, resource="disks").exists()


def test_another_worker_finds_what_a_pod_wrote() -> None:
    made = create_cluster("test", nodes=1)
    script = "x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10; do x=$x$x; done; echo $x > /data/big; sleep 3600"
    first, second = Driver(made.pk, "a"), Driver(made.pk, "b")
    settle(first)
    with changing(made.pk, "alice") as tx:
        for body in (storageclass("fast"), claim("data", storageClassName="fast"), user_of("data", script=script)):
            plural = {"StorageClass": "storageclasses", "PersistentVolumeClaim": "persistentvolumeclaims"}
            answer = tx.apply(Create(plural.get(body["kind"], "pods"), body))
            assert isinstance(answer, dict), answer
    end = wall_now() + 20_000_000
    while wall_now() < end and not Blob.objects.filter(cluster=made).exists():
        first.slice()

    second.slice()

    assert second._loop is not None
    (kept,) = second._loop.objects.list("disks", "")
    assert len(kept["files"]["big"]) == 16 * 1024 + 1
