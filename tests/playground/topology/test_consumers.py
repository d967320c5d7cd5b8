"""The page's socket: everything first, then what changes, and after an absence what was missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
import redis.asyncio as aioredis
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.db import OperationalError, connections

from clusters.engine.birth import create_cluster, delete_cluster
from clusters.engine.clock import set_clock
from clusters.engine.transaction import changing
from clusters.models import Cluster
from clusters.reconcile.writes import Create
from clusters.store import pool
from playground.topology import live
from playground.topology.consumers import GONE
from playground.topology.frames import Frames
from playground.topology.urls import WEBSOCKETS
from tests.playground.topology.reader import Reader
from tests.podium import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture(autouse=True)
def no_board_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LINGER", 0)


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    yield await sync_to_async(create_cluster)("test", nodes=1)
    await pool.close()
    await sync_to_async(connections.close_all)()


def page(slug: str, **headers: str) -> WebsocketCommunicator:
    sent = [(name.encode(), value.encode()) for name, value in {"host": "podium.test", **headers}.items()]
    return WebsocketCommunicator(URLRouter(WEBSOCKETS), f"/c/{slug}/live/", headers=sent)


async def opened(slug: str, since: Any) -> WebsocketCommunicator:
    socket = page(slug)
    await socket.connect()
    await socket.send_to(orjson.dumps({"since": since}).decode())
    return socket


async def frame(socket: WebsocketCommunicator, page: Reader | None = None) -> dict[str, Any]:
    return (page or Reader()).take(await socket.receive_from(timeout=PATIENCE))


async def make(cluster: Cluster, name: str) -> None:
    spec = {"ports": [{"port": 80}], "clusterIP": "None"}
    body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "default"}, "spec": spec}

    def commit() -> None:
        with changing(cluster.pk, "alice") as tx:
            tx.apply(Create("services", body))

    await sync_to_async(commit)()


def names(found: Reader) -> list[str]:
    services = [row["name"] for row in found.rows.values() if row["kind"] == "Service"]
    first = ("kubernetes", "kube-dns")  # with which every cluster begins, and the ingress controller's
    return [name for name in services if name not in first and not name.startswith("ingress-nginx")]


async def test_a_page_gets_everything_and_then_what_changes(cluster: Cluster) -> None:
    page = Reader()
    await make(cluster, "one")
    socket = await opened(cluster.slug, None)

    first = await frame(socket, page)
    before = names(page)
    await make(cluster, "two")
    second = await frame(socket, page)
    await socket.disconnect()

    assert (first["type"], before) == ("snapshot", ["one"])
    assert (len(second["rows"]), names(page)) == (1, ["one", "two"])
    assert second["revision"] > first["revision"]


async def test_a_page_that_comes_back_gets_only_what_it_missed(cluster: Cluster) -> None:
    page = Reader()
    stays, goes = await opened(cluster.slug, None), await opened(cluster.slug, None)
    await frame(goes, page)
    await frame(stays)
    await goes.disconnect()
    await make(cluster, "missed")
    await stays.receive_from(timeout=PATIENCE)

    back = await opened(cluster.slug, page.place)
    found = await frame(back, page)
    then = await frame(back, page)
    await back.disconnect()
    await stays.disconnect()

    assert (found.get("type"), names(page)) == (None, ["missed"])
    assert ("clock" in then, "rows" in then) == (True, False)


async def test_a_page_with_an_unknown_past_gets_everything(cluster: Cluster) -> None:
    await make(cluster, "one")

    for since in (999_999, ["another", 1], ["", 0], [], "x", {"a": 1}, [None, 1 << 60], True):
        reader = Reader()
        socket = await opened(cluster.slug, since)
        found = await frame(socket, reader)
        await socket.disconnect()

        assert (found["type"], names(reader)) == ("snapshot", ["one"]), since


async def test_two_pages_get_the_same_frame(cluster: Cluster) -> None:
    first, second = await opened(cluster.slug, None), await opened(cluster.slug, None)
    await frame(first)
    await frame(second)

    await make(cluster, "one")

    assert await first.receive_from(timeout=PATIENCE) == await second.receive_from(timeout=PATIENCE)
    await first.disconnect()
    await second.disconnect()


async def test_a_clock_that_is_set_reaches_the_page(cluster: Cluster) -> None:
    socket = await opened(cluster.slug, None)
    page = Reader()
    await frame(socket, page)

    await sync_to_async(set_clock)(cluster, speed=4.0)
    found = await frame(socket, page)
    await socket.disconnect()

    assert found["clock"]["speed"] == 4.0


async def test_a_page_of_no_cluster_is_told_not_to_try_again(cluster: Cluster) -> None:
    socket = page("nowhere")
    await socket.connect()

    answer = await socket.receive_output(timeout=PATIENCE)

    assert (answer["type"], answer["code"]) == ("websocket.close", GONE)


async def test_another_sites_page_is_refused(cluster: Cluster) -> None:
    connected, _ = await page(cluster.slug, origin="http://evil.test").connect()

    assert not connected


async def test_pages_of_a_deleted_cluster_are_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ALIVE", 0.1)
    socket = await opened(cluster.slug, None)
    await frame(socket)

    await sync_to_async(delete_cluster)(cluster)
    answer = await socket.receive_output(timeout=PATIENCE)
    while answer["type"] == "websocket.send":
        answer = await socket.receive_output(timeout=PATIENCE)

    assert (answer["type"], answer["code"]) == ("websocket.close", GONE)


async def test_a_message_that_makes_no_sense_is_answered_with_everything(cluster: Cluster) -> None:
    for said in ("{", "[]", "null", "3", '{"since": {"a": [1]}}', "[" * 2000, '{"since": [["x"], {}]}'):
        socket = page(cluster.slug)
        await socket.connect()

        await socket.send_to(said)
        await socket.send_to("and more")
        found = await frame(socket)
        await socket.disconnect()

        assert found["type"] == "snapshot", said


async def test_a_browser_that_cannot_unpack_gets_text(cluster: Cluster) -> None:
    socket = page(cluster.slug)
    await socket.connect()

    await socket.send_to(orjson.dumps({"since": None, "plain": True}).decode())
    found = await socket.receive_from(timeout=PATIENCE)
    await socket.disconnect()

    assert orjson.loads(found)["type"] == "snapshot"


async def test_a_slow_page_gets_everything_anew_instead_of_a_long_queue(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "QUEUE", 3)
    quick = Reader()
    shown, slow = await live.join(cluster.pk, None)
    socket = await opened(cluster.slug, None)
    await frame(socket, quick)
    for number in range(6):
        await make(cluster, f"service-{number}")
        await frame(socket, quick)

    late = Reader()
    queued = slow.qsize()
    while not slow.empty():
        late.take(slow.get_nowait())
    await socket.disconnect()
    await live.leave(shown, slow)

    assert queued <= 4
    assert late.rows == quick.rows


async def test_before_many_pages_frames_are_fewer(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EACH", 1.0)
    reader = Reader()
    socket = await opened(cluster.slug, None)
    await frame(socket, reader)
    begun = reader.frame

    for number in range(4):
        await make(cluster, f"service-{number}")
    while len(names(reader)) < 4:
        await frame(socket, reader)
    await socket.disconnect()

    assert reader.frame - begun <= 3


async def test_a_page_that_goes_before_its_picture_leaves_nothing_behind(cluster: Cluster) -> None:
    coming = asyncio.create_task(live.join(cluster.pk, None))
    await asyncio.sleep(0)

    coming.cancel()
    await asyncio.gather(coming, return_exceptions=True)

    assert live._shown == {}


async def test_a_board_outlives_its_last_page_for_a_while(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LINGER", PATIENCE)
    reader = Reader()
    socket = await opened(cluster.slug, None)
    await frame(socket, reader)
    await socket.disconnect()

    back = await opened(cluster.slug, reader.place)
    found = await frame(back, reader)
    monkeypatch.setattr(live, "LINGER", 0.01)
    await back.disconnect()

    assert "rows" not in found
    async with asyncio.timeout(PATIENCE):
        while live._shown:
            await asyncio.sleep(0.02)


async def test_whoever_lost_the_thread_of_the_log_begins_anew(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    socket = await opened(cluster.slug, None)
    await frame(socket, reader)
    before = reader.board
    monkeypatch.setattr(Frames, "delta", broken_once(Frames.delta))

    await make(cluster, "one")
    while reader.board == before:
        await frame(socket, reader)
    await socket.disconnect()

    assert names(reader) == ["one"]


def broken_once(whole: Any) -> Any:
    left = [1]

    def delta(self: Frames, *about: Any) -> bytes | None:
        if left:
            left.pop()
            raise RuntimeError("broken")
        found: bytes | None = whole(self, *about)
        return found

    return delta


async def test_a_database_that_is_away_for_a_while_does_not_end_the_picture(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    monkeypatch.setattr(live, "ALIVE", 0.1)
    monkeypatch.setattr(live, "MEASURED", 0.1)
    socket = await opened(cluster.slug, None)
    await frame(socket, reader)
    before = reader.board

    asked: list[None] = []

    async def away(_: Any) -> None:
        asked.append(None)
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(live.Live, "_read_clock", away)
        async with asyncio.timeout(PATIENCE):
            while len(asked) < 3:
                await asyncio.sleep(0.02)
    await make(cluster, "one")
    await frame(socket, reader)
    await socket.disconnect()

    assert (reader.board, names(reader)) == (before, ["one"])


async def test_a_redis_that_hangs_up_on_everybody_loses_no_change(cluster: Cluster, redis_url: str) -> None:
    reader = Reader()
    socket = await opened(cluster.slug, None)
    await frame(socket, reader)

    async with aioredis.Redis.from_url(redis_url) as client:
        await client.client_kill_filter(_type="pubsub")
    await make(cluster, "one")
    while names(reader) != ["one"]:
        await frame(socket, reader)
    await socket.disconnect()


async def test_clusters_side_by_side_do_not_mix(cluster: Cluster) -> None:
    others = [await sync_to_async(create_cluster)(f"other-{number}", nodes=1) for number in range(3)]
    every = [cluster, *others]
    readers = [Reader() for _ in every]
    sockets = [await opened(one.slug, None) for one in every]
    for socket, reader in zip(sockets, readers, strict=True):
        await frame(socket, reader)

    for number, one in enumerate(every):
        await make(one, f"only-{number}")
    for socket, reader in zip(sockets, readers, strict=True):
        await frame(socket, reader)
        await socket.disconnect()

    assert [names(reader) for reader in readers] == [[f"only-{number}"] for number in range(4)]
