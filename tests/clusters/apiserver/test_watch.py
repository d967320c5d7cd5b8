from __future__ import annotations

import pytest

from clusters.apiserver import limits
from tests.clusters.apiserver.conftest import Client
from tests.clusters.apiserver.test_front import MAPS, SETTINGS, TABLE

MERGE = "application/merge-patch+json"


async def revision(client: Client) -> str:
    found = await client("GET", MAPS)
    return str(found.body["metadata"]["resourceVersion"])


async def label(client: Client, value: str | None) -> None:
    patch = {"metadata": {"labels": {"tier": value}}}
    reply = await client("PATCH", f"{MAPS}/settings", patch, content_type=MERGE)
    assert reply.code == 200, reply.raw


async def test_a_watch_begins_where_the_list_ended(client: Client) -> None:
    since = await revision(client)
    async with client.watch(f"{MAPS}?watch=1&resourceVersion={since}") as watch:
        await client("POST", MAPS, SETTINGS)
        await label(client, "front")
        await client("DELETE", f"{MAPS}/settings")

        events = await watch.events(3)

    assert [op for op, _ in events] == ["ADDED", "MODIFIED", "DELETED"]
    revisions = [int(body["metadata"]["resourceVersion"]) for _, body in events]
    assert int(since) < revisions[0] < revisions[1] < revisions[2]


async def test_a_watch_from_the_past_reads_the_log(client: Client) -> None:
    since = await revision(client)
    await client("POST", MAPS, SETTINGS)

    async with client.watch(f"{MAPS}?watch=1&resourceVersion={since}") as watch:
        [(op, body)] = await watch.events(1)

    assert (op, body["metadata"]["name"]) == ("ADDED", "settings")


async def test_what_comes_to_be_selected_is_added_and_what_no_longer_is_deleted(client: Client) -> None:
    await client("POST", MAPS, SETTINGS)
    since = await revision(client)
    async with client.watch(f"{MAPS}?watch=1&resourceVersion={since}&labelSelector=tier=front") as watch:
        await label(client, "back")
        await label(client, "front")
        await label(client, None)

        events = await watch.events(2)

    assert [op for op, _ in events] == ["ADDED", "DELETED"]


async def test_initial_events_end_with_a_bookmark(client: Client) -> None:
    await client("POST", MAPS, SETTINGS)

    query = "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
    async with client.watch(f"{MAPS}?{query}") as watch:
        events = await watch.events(1)
        while events[-1][0] != "BOOKMARK":
            events += await watch.events(1)

    assert "settings" in [body["metadata"].get("name") for op, body in events if op == "ADDED"]
    assert events[-1][1]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


async def test_a_watched_table_names_its_columns_once(client: Client) -> None:
    since = await revision(client)
    async with client.watch(f"{MAPS}?watch=1&resourceVersion={since}", accept=TABLE) as watch:
        await client("POST", MAPS, SETTINGS)
        await label(client, "front")

        (_, first), (_, second) = await watch.events(2)

    assert [column["name"] for column in first["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert second["columnDefinitions"] is None
    assert first["rows"][0]["cells"][:2] == ["settings", 1]


async def test_too_old_a_revision_is_gone(client: Client) -> None:
    client.cluster.floor = 5
    await client.cluster.asave(update_fields=["floor"])

    async with client.watch(f"{MAPS}?watch=1&resourceVersion=2") as watch:
        [(op, status)] = await watch.events(1)
        await watch.ends()

    assert (op, status["code"], status["reason"]) == ("ERROR", 410, "Expired")


async def test_a_watch_ends_when_its_time_is_over(client: Client) -> None:
    since = await revision(client)

    async with client.watch(f"{MAPS}?watch=1&resourceVersion={since}&timeoutSeconds=1") as watch:
        await watch.ends()

    assert (watch.reply.code, watch.reply.raw) == (200, b"")


async def test_one_caller_has_so_many_watches_and_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WATCHES", 1)
    path = f"{MAPS}?watch=1&resourceVersion={await revision(client)}"
    async with client.watch(path):
        refused = await client("GET", path)

    assert (refused.code, refused.body["reason"]) == (429, "TooManyRequests")
    async with client.watch(path) as again:
        assert again.reply.code == 200
