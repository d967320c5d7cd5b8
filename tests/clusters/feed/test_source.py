"""The feed: whoever subscribes misses nothing, whatever Redis loses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from clusters.engine.birth import create_cluster
from clusters.engine.clock import set_clock
from clusters.engine.transaction import changing
from clusters.feed import Batch, Lagged, subscribe
from clusters.feed import source as feed
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.reconcile.writes import Create
from clusters.store import announce, pool
from tests.podium import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    yield await sync_to_async(create_cluster)("test", nodes=1)
    await pool.close()
    await sync_to_async(connections.close_all)()


async def write(cluster: Cluster, *names: str) -> None:
    def commit() -> None:
        for name in names:
            metadata = {"name": name, "namespace": "default"}
            with changing(cluster.pk, "alice") as tx:
                tx.apply(Create("configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}))

    await sync_to_async(commit)()


def sources() -> list[feed.Source]:
    """Of this test's loop: another test's may have ended before its readers did."""
    loop = asyncio.get_running_loop()
    return [source for (other, _), source in feed._sources.items() if other is loop]


async def heard(cluster: Cluster) -> None:
    """Until this process knows of all that was written."""
    revision = (await Cluster.objects.aget(pk=cluster.pk)).revision
    (source,) = sources()
    async with asyncio.timeout(PATIENCE):
        while source.revision < revision:
            await asyncio.sleep(0.01)


async def names(batches: AsyncIterator[Batch], count: int) -> list[str]:
    """The next so many ConfigMaps that were made."""
    found: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < count:
            batch = await anext(batches)
            found += [event.name for event in batch.events if event.resource == "configmaps"]
    return found


@contextmanager
def redis_loses_everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as lost:
        lost.setattr(announce, "client", Deaf)
        yield


class Deaf:
    """A Redis that takes everything and passes nothing on."""

    def pipeline(self, **_: object) -> AbstractContextManager[Deaf]:
        return nullcontext(self)

    def execute(self) -> list[None]:
        return [None, None]

    def set(self, *_: object, **__: object) -> None: ...

    def publish(self, *_: object) -> None: ...


async def test_a_subscriber_hears_every_commit_in_order(cluster: Cluster) -> None:
    async with subscribe(cluster.pk) as batches:
        await write(cluster, "one", "two", "three")

        assert await names(batches, 3) == ["one", "two", "three"]


async def test_a_subscriber_that_was_away_gets_what_it_missed_first(cluster: Cluster) -> None:
    await write(cluster, "one")
    revision = (await Cluster.objects.aget(pk=cluster.pk)).revision - 1
    async with subscribe(cluster.pk, since=revision) as batches:
        await write(cluster, "two")

        assert await names(batches, 2) == ["one", "two"]


async def test_what_redis_loses_comes_from_the_log(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async with subscribe(cluster.pk) as batches:
        with redis_loses_everything(monkeypatch):
            await write(cluster, "one", "two")
        await write(cluster, "three")

        assert await names(batches, 3) == ["one", "two", "three"]


async def test_a_silent_redis_costs_about_a_second(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    async with subscribe(cluster.pk) as batches:
        with redis_loses_everything(monkeypatch):
            await write(cluster, "one")

        assert await names(batches, 1) == ["one"]


async def test_changes_of_one_tick_come_as_one_batch(cluster: Cluster) -> None:
    async with subscribe(cluster.pk, tick=1.0) as batches:
        await write(cluster, "one", "two", "three")
        batch = await asyncio.wait_for(anext(batches), PATIENCE)

        assert len(batch.events) == 3


async def test_a_changed_clock_is_told(cluster: Cluster) -> None:
    async with subscribe(cluster.pk) as batches:
        await sync_to_async(set_clock)(cluster, speed=10)
        batch = await asyncio.wait_for(anext(batches), PATIENCE)

        assert batch.clock is not None
        assert batch.clock.speed == 10


async def test_a_revision_that_was_compacted_is_gone(cluster: Cluster) -> None:
    await Cluster.objects.filter(pk=cluster.pk).aupdate(floor=5)
    async with subscribe(cluster.pk, since=1) as batches:
        with pytest.raises(Status, match="too old resource version"):
            await anext(batches)


async def test_a_reader_that_is_too_slow_is_told_to_begin_anew(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "QUEUE", 2)
    async with subscribe(cluster.pk) as slow:
        for name in ("one", "two", "three", "four"):
            await write(cluster, name)
            await heard(cluster)  # each as a batch of its own

        with pytest.raises(Lagged):
            async for _ in slow:
                pass


async def test_the_last_reader_takes_the_subscription_along(cluster: Cluster) -> None:
    async with subscribe(cluster.pk), subscribe(cluster.pk):
        assert len(sources()) == 1

    assert not sources()


async def test_a_reader_who_goes_while_the_subscription_begins_leaves_nothing(cluster: Cluster) -> None:
    async def reads() -> None:
        async with subscribe(cluster.pk) as batches:
            await anext(batches)

    reader = asyncio.create_task(reads())
    await asyncio.sleep(0)
    assert len(sources()) == 1

    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader

    assert not sources()
