"""The cluster as it was, over HTTP: its frame, its timeline, steps, comparisons, and an object as of then."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.test import Client

from clusters.engine.birth import create_cluster
from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.kinds.body import Key, put
from clusters.kinds.problem import Status
from clusters.models import Change, Cluster
from clusters.reconcile.clock import HOUR
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store.clock import cluster_now, wall_now
from playground.timeline import frame
from playground.topology.live import Live

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]

WEB = Key("default", "web")
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "default"},
    "spec": {"containers": [{"name": "web", "image": "nginx:1.29"}]},
}

NOTE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "note", "namespace": "default"}}


@pytest.fixture
def cluster() -> Cluster:
    return settle(create_cluster("test", nodes=1))


def settle(cluster: Cluster) -> Cluster:
    driver = Driver(cluster.pk, "a")
    due = driver.slice()
    while due is not None and due <= wall_now():
        due = driver.slice()
    return Cluster.objects.get(pk=cluster.pk)


def write(cluster: Cluster, *writes: Any) -> None:
    with changing(cluster.pk, "alice") as tx:
        for one in writes:
            assert not isinstance(tx.apply(one), Status)


def get(cluster: Cluster, path: str, **query: str | int) -> Any:
    return Client().get(f"/c/{cluster.slug}/{path}", query)


def names(shown: Any, kind: str = "Pod") -> list[str]:
    return sorted(row["name"] for row in shown["rows"] if row["kind"] == kind and row.get("ns") == "default")


async def live_rows(cluster: Cluster) -> Any:
    live = Live(cluster.pk)
    try:
        await live.join(None)
        return {row["id"]: row for row in live._frames.board.rows()}
    finally:
        await live.stop()


async def live_copy(cluster: Cluster) -> Any:
    live = Live(cluster.pk)
    try:
        await live.join(None)
        live._frames.board.measure(cluster_now(cluster) + HOUR)  # what it keeps is for now alone
        return await live.copy()
    finally:
        await live.stop()


def test_the_cluster_as_it_was_is_the_frame_that_the_page_would_have_had(cluster: Cluster) -> None:
    write(cluster, Create("pods", POD))
    then = settle(cluster).revision
    rows = asyncio.run(live_rows(cluster))
    write(cluster, Delete("pods", POD, grace=0))
    settle(cluster)

    found = get(cluster, "at/", revision=then).json()

    assert found["type"] == "snapshot"
    assert found["revision"] == then
    assert found["clock"]["speed"] == 0
    assert names(found) == ["web"]
    assert names(get(cluster, "at/", revision=1 << 40).json()) == []
    quick = ("beat", "silent", "used", "patience", "lit")  # what goes on between two lines of the log
    told = {row["id"]: {k: v for k, v in row.items() if k not in quick} for row in found["rows"]}
    assert told == {uid: {k: v for k, v in row.items() if k not in quick} for uid, row in rows.items()}


def test_a_time_shows_what_was_written_until_then(cluster: Cluster) -> None:
    settle(cluster)
    write(cluster, Create("pods", POD))
    born = Change.objects.get(cluster=cluster, resource="pods", name="web", op="ADDED")

    before, after = (get(cluster, "at/", time=born.at + way).json() for way in (-1, 0))

    assert (names(before), names(after)) == ([], ["web"])
    assert before["at"] == born.at - 1
    assert before["floor"] == 0


def test_going_from_moment_to_moment_shows_the_same_as_coming_fresh(cluster: Cluster) -> None:
    revisions = [settle(cluster).revision]
    for write_one in (Create("pods", POD), Delete("pods", POD, grace=0), Create("pods", POD)):
        write(cluster, write_one)
        revisions.append(settle(cluster).revision)

    for revision in (*reversed(revisions), *revisions, revisions[1], revisions[3]):
        walked = get(cluster, "at/", revision=revision).json()
        frame._kept.clear()
        fresh = get(cluster, "at/", revision=revision).json()

        assert sorted(walked["rows"], key=str) == sorted(fresh["rows"], key=str)
        get(cluster, "at/", revision=revisions[2])


def test_the_first_look_back_begins_with_what_the_pages_show(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    write(cluster, Create("pods", POD))
    then = settle(cluster).revision
    live = asyncio.run(live_copy(cluster))
    write(cluster, Delete("pods", POD, grace=0), Create("configmaps", NOTE))  # the pages have not heard of this yet
    settle(cluster)
    frame._kept.clear()
    fresh = [get(cluster, "at/", revision=revision).json() for revision in (then, 1 << 40)]

    monkeypatch.setattr(frame, "board_of", lambda cluster_id: (live[0].copy(), live[1]))
    for shown, revision in zip(fresh, (then, 1 << 40), strict=True):
        frame._kept.clear()
        begun = get(cluster, "at/", revision=revision).json()

        assert sorted(begun["rows"], key=str) == sorted(shown["rows"], key=str)


def test_a_large_frame_comes_packed_to_who_can_unpack(cluster: Cluster) -> None:
    for number in range(30):
        write(cluster, Create("pods", put(POD, "metadata.name", f"web-{number}")))

    plain = get(cluster, "at/", revision=1 << 40)
    packed = Client().get(f"/c/{cluster.slug}/at/", {"revision": 1 << 40}, headers={"accept-encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert "Content-Encoding" not in plain.headers


def test_what_is_no_moment_is_refused(cluster: Cluster) -> None:
    for query in ({}, {"time": "soon"}, {"revision": "-4"}, {"time": "9" * 40}):
        assert get(cluster, "at/", **query).status_code == 404


def test_the_timeline_is_read_from_the_log_and_goes_on_where_it_was(cluster: Cluster) -> None:
    settle(cluster)
    fault = {
        "apiVersion": "podium.dev/v1",
        "kind": "Fault",
        "metadata": {"name": "dark"},
        "spec": {"type": "NodeCrash", "target": {"node": "worker-1"}},
    }
    first = get(cluster, "timeline/").json()
    write(cluster, Create("faults", fault))

    second = get(cluster, "timeline/", since=first["revision"]).json()

    assert sum(count for _, count in first["bars"]) > 10
    assert [mark["sort"] for mark in second["marks"]] == ["fault"]
    assert second["revision"] > first["revision"]
    assert sum(count for _, count in get(cluster, "timeline/").json()["bars"]) > sum(c for _, c in first["bars"])


def test_a_step_goes_to_the_change_beside_it_and_tells_it(cluster: Cluster) -> None:
    then = settle(cluster).revision
    write(cluster, Create("pods", POD))
    settle(cluster)

    forward = get(cluster, "timeline/step/", revision=then, to="next").json()
    back = get(cluster, "timeline/step/", revision=forward["revision"] + 1, to="previous").json()

    assert "web" in forward["words"]
    assert forward == back
    assert get(cluster, "timeline/step/", revision=1 << 40, to="next").status_code == 204


def test_two_moments_are_compared(cluster: Cluster) -> None:
    note = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "note", "namespace": "default"}}
    write(cluster, Create("configmaps", {**note, "data": {"colour": "red"}}), Create("pods", POD))
    settle(cluster)
    start = Change.objects.filter(cluster=cluster).order_by("revision").last()
    assert start is not None
    with changing(cluster.pk, "alice") as tx:
        known = tx.get("configmaps", Key("default", "note"))
        assert known is not None
        tx.apply(Update("configmaps", put(known, "data.colour", "blue")))
    write(cluster, Delete("pods", POD, grace=0), Create("configmaps", put(note, "metadata.name", "new")))
    settle(cluster)

    page = get(cluster, "timeline/compare/", **{"from": start.at, "to": wall_now() + 10**9}).content.decode()

    assert "Came: 1" in page
    assert "Went: 1" in page
    assert "data.colour" in page
    assert "red" in page
    assert "blue" in page


def test_an_object_is_shown_as_it_was_and_cannot_be_changed(cluster: Cluster) -> None:
    write(cluster, Create("pods", POD))
    then = settle(cluster).revision
    write(cluster, Delete("pods", POD, grace=0))
    settle(cluster)

    before = get(cluster, "inspect/pods/default/web/", revision=then).content.decode()
    after = get(cluster, "inspect/pods/default/web/").content.decode()
    earlier = get(cluster, "inspect/pods/default/web/", revision=3).content.decode()

    assert "In the past nothing can be changed." in before
    assert "data-live" not in before
    assert "nginx:1.29" in before
    assert "any more" in after
    assert "there was no Pod of this name" in earlier


def test_an_objects_own_changes_are_listed_with_what_they_changed(cluster: Cluster) -> None:
    write(cluster, Create("pods", POD))
    settle(cluster)

    page = get(cluster, "inspect/pods/default/web/tab/changes/").content.decode()

    assert "It was made." in page
    assert "spec.nodeName" in page
    assert "status.conditions" in page


def test_a_cluster_that_does_not_exist_has_no_past() -> None:
    assert Client().get("/c/nowhere/at/?revision=1").status_code == 404
