"""The cluster as it was at any revision: what the log and its snapshots rebuild is what was recorded at the time."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from django.db.models import F

from clusters.engine.birth import create_cluster
from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.kinds.body import Body, Key, put
from clusters.models import Change, Cluster, KubeObject, Moment
from clusters.reconcile.clock import HOUR, MINUTE
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store import snapshots
from clusters.store.clock import cluster_now, wall_now
from clusters.store.compaction import KEEP_LOG, compact
from clusters.store.past import bounds, objects_at, revision_at, time_at
from tests.client import deployment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]

State = dict[tuple[str, str, str], Body]


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=1)


def settle(cluster: Cluster) -> None:
    driver = Driver(cluster.pk, "a")
    due = driver.slice()
    while due is not None and due <= wall_now():
        due = driver.slice()


def state(cluster: Cluster) -> tuple[int, State]:
    """The revision, and every object as it stands in its row."""
    rows = KubeObject.objects.filter(cluster=cluster)
    found = {(row.resource, row.namespace, row.name): row.body for row in rows}
    return Cluster.objects.get(pk=cluster.pk).revision, found


def rebuilt(cluster: Cluster, revision: int) -> State:
    past = objects_at(cluster.pk, revision, inflate=False)
    assert not past.lost
    return {
        (resource, one["metadata"].get("namespace") or "", one["metadata"]["name"]): one
        for resource, bodies in past.objects.items()
        for one in bodies
    }


def write(cluster: Cluster, draw: random.Random) -> None:
    """One of a few ConfigMaps is made, changed or deleted."""
    key = Key("default", f"note-{draw.randrange(8)}")
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": key.namespace, "name": key.name}}
    with changing(cluster.pk, "alice") as tx:
        known = tx.get("configmaps", key)
        if known is None:
            tx.apply(Create("configmaps", head))
        elif draw.random() < 0.3:
            tx.apply(Delete("configmaps", known))
        else:
            tx.apply(Update("configmaps", put(known, "data", {"drawn": str(draw.random())})))


def spread(cluster: Cluster, minutes: int) -> None:
    """The log's lines lie evenly over the last so many minutes of cluster time."""
    now, last = cluster_now(cluster), Cluster.objects.get(pk=cluster.pk).revision
    step = minutes * MINUTE // last
    Change.objects.filter(cluster=cluster).update(at=now - (last - F("revision")) * step)


def recorded(cluster: Cluster, seed: int) -> Sequence[tuple[int, State]]:
    """A cluster that lives for a while, looked at again and again."""
    draw, found = random.Random(seed), [state(cluster)]
    body = deployment("web", 3)
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("deployments", put(body, "metadata.namespace", "default")))
    for _ in range(12):
        for _ in range(draw.randrange(1, 6)):
            write(cluster, draw)
        settle(cluster)
        found.append(state(cluster))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_rebuilt_is_what_was(cluster: Cluster, seed: int) -> None:
    states = recorded(cluster, seed)
    spread(cluster, 20)

    compact(cluster)

    assert Moment.objects.filter(cluster=cluster).count() > 5
    for revision, was in states:
        # of the leases each minute's last line is kept: they are as they were a moment later or before
        found = {place: body for place, body in rebuilt(cluster, revision).items() if place[0] != "leases"}
        assert found == {place: body for place, body in was.items() if place[0] != "leases"}


def test_behind_the_floor_all_is_as_it_was(cluster: Cluster) -> None:
    states = recorded(cluster, 3)
    spread(cluster, 90)

    compact(cluster)

    floor = Cluster.objects.get(pk=cluster.pk).floor
    assert floor > 0
    later = [(revision, was) for revision, was in states if revision >= floor]
    assert 0 < len(later) < len(states)
    for revision, was in later:
        assert set(rebuilt(cluster, revision)) == set(was)
        assert {k: v for k, v in rebuilt(cluster, revision).items() if k[0] != "leases"} == {
            k: v for k, v in was.items() if k[0] != "leases"
        }


def test_the_log_is_cut_at_a_snapshot(cluster: Cluster) -> None:
    recorded(cluster, 4)
    spread(cluster, 90)

    compact(cluster)

    first = Moment.objects.filter(cluster=cluster).order_by("revision").first()
    assert first is not None
    assert first.revision == bounds(cluster.pk).floor
    assert first.at <= cluster_now(cluster) - KEEP_LOG
    before = set(
        Change.objects.filter(cluster=cluster, revision__lte=first.revision).values_list("revision", flat=True)
    )
    assert before == {line for lines in first.living.values() for line in lines}


def test_an_object_that_nobody_touched_for_hours_is_still_there_when_it_changes(cluster: Cluster) -> None:
    write(cluster, random.Random(5))
    spread(cluster, 5)
    Change.objects.filter(cluster=cluster).update(at=F("at") - 3 * HOUR)
    compact(cluster)
    revision, was = state(cluster)
    name = next(place for place in was if place[0] == "configmaps" and place[2].startswith("note"))
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Update("configmaps", put(was[name], "data", {"new": "text"})))

    found = rebuilt(cluster, revision)

    assert found[name] == was[name]


def test_a_snapshot_is_one_a_minute_and_names_whom_the_one_before_names(cluster: Cluster) -> None:
    recorded(cluster, 6)
    spread(cluster, 10)
    now = cluster_now(cluster)

    snapshots.take(cluster.pk, now)
    times = list(Moment.objects.filter(cluster=cluster).order_by("revision").values_list("at", flat=True))
    snapshots.take(cluster.pk, now)

    assert all(at % MINUTE == 0 for at in times)
    assert len(set(times)) == len(times) == Moment.objects.filter(cluster=cluster).count()
    assert 8 <= len(times) <= 11
    last = Moment.objects.filter(cluster=cluster).order_by("revision").last()
    assert last is not None
    assert last.living == {
        resource: list(lines) for resource, lines in snapshots.living_at(cluster.pk, last.revision).items()
    }


def test_a_minute_of_many_lines_has_several_snapshots(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MANY", 60)
    states = recorded(cluster, 8)
    spread(cluster, 2)

    snapshots.take(cluster.pk, cluster_now(cluster))

    revisions = list(Moment.objects.filter(cluster=cluster).order_by("revision").values_list("revision", flat=True))
    assert len(revisions) >= states[-1][0] // 60
    for revision, was in states:
        assert rebuilt(cluster, revision) == was
    for line in Change.objects.filter(cluster=cluster).order_by("revision")[5::40]:
        assert revision_at(cluster.pk, line.at) == line.revision


def test_a_time_is_found_in_the_log(cluster: Cluster) -> None:
    recorded(cluster, 7)
    spread(cluster, 10)
    snapshots.take(cluster.pk, cluster_now(cluster))

    for line in Change.objects.filter(cluster=cluster).order_by("revision")[5::40]:
        assert revision_at(cluster.pk, line.at) == line.revision
        assert revision_at(cluster.pk, line.at - 1) == line.revision - 1
        assert time_at(cluster.pk, line.revision) == line.at


def test_before_the_log_begins_there_is_nothing(cluster: Cluster) -> None:
    assert revision_at(cluster.pk, 1) == 0
    assert objects_at(cluster.pk, 0).objects == {}
    assert time_at(cluster.pk, 0) is None
