"""Slices under a lease, on a real Postgres: what a worker does, what it may not, and what its death costs."""

from __future__ import annotations

import pytest
from django.db.models import F

from clusters.engine.birth import create_cluster, ready_nodes
from clusters.engine.clock import clock_of, set_clock, step, touch
from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.kinds.body import Body
from clusters.models import Change, Cluster
from clusters.reconcile.clock import MINUTE, SECOND
from clusters.reconcile.writes import Create
from clusters.store.clock import wall_now
from clusters.store.commit import Stale
from clusters.store.read import changes, listing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=1)


def drive(driver: Driver, most: int = 200) -> int | None:
    """Slices until nothing is left to do now."""
    due = driver.slice()
    while due is not None and due <= wall_now() and most:
        due, most = driver.slice(), most - 1
    return due


def row(cluster: Cluster) -> Cluster:
    return Cluster.objects.get(pk=cluster.pk)


def config(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default"}}


def test_a_new_clusters_nodes_become_ready(cluster: Cluster) -> None:
    drive(Driver(cluster.pk, "a"))

    assert ready_nodes(cluster) == 2


def test_a_slice_says_in_the_row_when_it_is_due_again(cluster: Cluster) -> None:
    due = drive(Driver(cluster.pk, "a"))

    assert due is not None
    assert row(cluster).next_due == due
    assert due > wall_now() - SECOND


def test_revisions_are_gapless_whoever_wrote(cluster: Cluster) -> None:
    driver = Driver(cluster.pk, "a")
    for number in range(5):
        driver.slice()
        with changing(cluster.pk, "alice") as tx:
            tx.apply(Create("configmaps", config(f"c-{number}")))
    drive(driver)

    found = [event.revision for event in changes(cluster.pk, 0, 10**6)]
    assert found == list(range(1, row(cluster).revision + 1))


def test_a_worker_that_lost_the_lease_stores_nothing_more(cluster: Cluster) -> None:
    first, second = Driver(cluster.pk, "a"), Driver(cluster.pk, "b")
    drive(first)
    first_epoch = row(cluster).epoch

    drive(second)
    with pytest.raises(Stale):
        first._advance(1)

    assert row(cluster).epoch == first_epoch + 1


def test_another_worker_goes_on_where_the_first_one_died(cluster: Cluster) -> None:
    first = Driver(cluster.pk, "a")
    first.slice()
    del first

    drive(Driver(cluster.pk, "b"))

    assert ready_nodes(cluster) == 2


def test_a_paused_cluster_takes_writes_but_nothing_runs(cluster: Cluster) -> None:
    driver = Driver(cluster.pk, "a")
    drive(driver)
    set_clock(row(cluster), paused=True)
    before = clock_of(row(cluster)).at(wall_now())
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}))

    assert driver.slice() is None
    assert not [row for row in listing(cluster.pk, "serviceaccounts").rows if row.namespace == "shop"]
    assert clock_of(row(cluster)).at(wall_now() + MINUTE) == before


def steps_to_a_change(cluster: Cluster) -> Cluster:
    """Stop the clock, and ask for one step; the row as it was before."""
    driver = Driver(cluster.pk, "a")
    drive(driver)
    set_clock(row(cluster), paused=True)
    before = row(cluster)
    step(before, "change")
    driver.slice()
    return before


def test_a_step_of_a_paused_cluster_goes_to_the_next_change(cluster: Cluster) -> None:
    before = steps_to_a_change(cluster)

    after = row(cluster)
    assert after.revision > before.revision
    assert after.step == ""
    assert after.anchor_cluster >= before.anchor_cluster


def test_a_step_goes_past_heartbeats_to_what_can_be_seen(cluster: Cluster) -> None:
    before = steps_to_a_change(cluster)

    seen = [event.resource for event in changes(cluster.pk, before.revision, 10**6)]
    assert "leases" in seen
    assert [one for one in seen if one != "leases"]


def test_only_a_paused_clock_can_be_stepped(cluster: Cluster) -> None:
    with pytest.raises(ValueError, match="paused"):
        step(cluster, "change")


def test_a_clock_that_nobody_drove_has_stood_still(cluster: Cluster) -> None:
    drive(Driver(cluster.pk, "a"))
    night = 8 * 60 * MINUTE
    Cluster.objects.filter(pk=cluster.pk).update(
        anchor_wall=F("anchor_wall") - night, next_due=F("next_due") - night, driven_at=F("driven_at") - night
    )
    revision = row(cluster).revision

    drive(Driver(cluster.pk, "b"))

    reasons = [e.body for e in changes(cluster.pk, revision, 10**6) if b"NodeNotReady" in e.body]
    assert not reasons
    assert ready_nodes(cluster) == 2
    assert abs(clock_of(row(cluster)).at(wall_now()) - cluster.anchor_cluster) < MINUTE


def test_an_untouched_cluster_sleeps_and_the_next_touch_wakes_it(cluster: Cluster) -> None:
    driver = Driver(cluster.pk, "a")
    drive(driver)
    Cluster.objects.filter(pk=cluster.pk).update(touched_at="2020-01-01T00:00:00Z")

    drive(driver)
    assert row(cluster).asleep
    assert row(cluster).next_due is None
    asleep_at = clock_of(row(cluster)).at(wall_now())

    touch(cluster.pk)
    assert not row(cluster).asleep
    assert clock_of(row(cluster)).at(wall_now()) - asleep_at < SECOND


def test_a_faster_clock_goes_faster(cluster: Cluster) -> None:
    set_clock(cluster, speed=60)
    clock = clock_of(row(cluster))

    assert clock.at(clock.wall + SECOND) - clock.at(clock.wall) == 60 * SECOND


def test_informers_of_a_restarted_worker_change_nothing_that_is_settled(cluster: Cluster) -> None:
    driver = Driver(cluster.pk, "a")
    drive(driver)
    set_clock(row(cluster), paused=True)
    step(row(cluster), "timer")
    drive(driver)  # exactly to the next timer: until then nothing is left to do, however long all this takes
    before = row(cluster)

    step(before, "change")
    drive(Driver(cluster.pk, "b"))

    then = Change.objects.filter(cluster=cluster.pk, revision__gt=before.revision)
    assert list(then.filter(at__lte=before.anchor_cluster).values_list("resource", "name")) == []
    assert row(cluster).anchor_cluster > before.anchor_cluster
