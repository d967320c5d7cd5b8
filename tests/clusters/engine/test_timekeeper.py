"""The timekeeper: every due cluster is woken, whatever Redis has forgotten."""

from __future__ import annotations

import time

import pytest

from clusters.engine import timekeeper
from clusters.engine.birth import create_cluster
from clusters.engine.timekeeper import Timekeeper
from clusters.models import Cluster
from clusters.reconcile.clock import SECOND
from clusters.store.announce import client, wake_at
from clusters.store.clock import wall_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    client().flushall()
    found: list[int] = []
    monkeypatch.setattr(timekeeper, "wake", found.append)
    return found


def test_a_cluster_is_woken_once_when_it_is_due(woken: list[int]) -> None:
    cluster = create_cluster("test", nodes=0)
    wake_at(cluster.pk, wall_now() - 1)

    Timekeeper()._pop_due()
    Timekeeper()._pop_due()

    assert woken == [cluster.pk]


def test_a_cluster_is_not_woken_before_it_is_due(woken: list[int]) -> None:
    cluster = create_cluster("test", nodes=0)
    wake_at(cluster.pk, wall_now() + 60 * SECOND)

    Timekeeper()._pop_due()

    assert woken == []


def test_who_becomes_due_sooner_ends_the_wait(woken: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = create_cluster("test", nodes=0)
    wake_at(cluster.pk, wall_now() + 60 * SECOND)
    Timekeeper()._pop_due()  # which has heard of it
    monkeypatch.setattr(timekeeper, "LONGEST", 4.0)  # seconds; Redis' clients give up after five
    begun = time.monotonic()

    wake_at(cluster.pk, wall_now() + 50 * SECOND)
    timekeeper._wait()

    assert time.monotonic() - begun < 4


def test_a_cluster_that_redis_forgot_is_found_in_postgres(woken: list[int]) -> None:
    cluster = create_cluster("test", nodes=0)
    Cluster.objects.filter(pk=cluster.pk).update(next_due=wall_now() - 2 * SECOND)
    keeper = Timekeeper()
    keeper._asked_at -= 2

    keeper._ask_postgres()

    assert woken == [cluster.pk]


def test_a_sleeping_cluster_is_left_alone(woken: list[int]) -> None:
    cluster = create_cluster("test", nodes=0)
    Cluster.objects.filter(pk=cluster.pk).update(next_due=None, asleep=True)
    keeper = Timekeeper()
    keeper._asked_at -= 2

    keeper._ask_postgres()

    assert woken == []
