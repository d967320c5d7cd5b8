"""Telling others through Redis: this cluster wants its engine, this was committed, its clock was changed.

Redis only makes it quick: all that is said here stands in Postgres too (DESIGN: Timers, Feed).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache

import kombu.exceptions
import redis
from celery import current_app
from django.conf import settings

from clusters.models import SHARDS
from clusters.store.event import Event, packed

QUEUED_FOR = 2000  # milliseconds after which a "queued" flag is not believed any more
DUE = "podium:due"  # clusters by the wall time at which they want to be woken
SOONER = "podium:sooner"  # a list: a word in it says that there is a new time to wait for
# sending a task takes Celery a millisecond: who has written gets the answer meanwhile
_sender = ThreadPoolExecutor(1, thread_name_prefix="wake")
UNREACHABLE = (redis.ConnectionError, redis.TimeoutError, kombu.exceptions.OperationalError)


@cache
def client() -> redis.Redis:
    """This process's connections to Redis."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)


def channel(cluster_id: int) -> str:
    """Where a cluster's commits and clock changes are published."""
    return f"podium:cluster:{cluster_id}"


def queued(cluster_id: int) -> str:
    """The flag that says that its `drive` waits in a queue."""
    return f"podium:queued:{cluster_id}"


def wake(cluster_id: int) -> None:
    """Send `drive(cluster)` to its shard, unless it is queued already. Lost words cost a second (timekeeper)."""
    with suppress(*UNREACHABLE):
        if client().set(queued(cluster_id), 1, nx=True, px=QUEUED_FOR):
            send_drive(cluster_id)


def wake_at(cluster_id: int, wall: int | None) -> None:
    """Let the timekeeper wake it at that wall time (microseconds); None: it need not be woken."""
    with suppress(*UNREACHABLE):
        if wall is None:
            client().zrem(DUE, str(cluster_id))
        else:
            with client().pipeline(transaction=False) as pipe:
                pipe.zadd(DUE, {str(cluster_id): wall})
                pipe.lpush(SOONER, 1)
                pipe.execute()


def publish(cluster_id: int, events: Sequence[Event], *, wakes: bool = False) -> None:
    """Tell every process that serves this cluster what was committed; readers ask the log once a second besides.

    `wakes`: the engine is to see it, too; both words take one way.
    """
    with suppress(*UNREACHABLE), client().pipeline(transaction=False) as pipe:
        pipe.publish(channel(cluster_id), b"E" + packed(events))
        if wakes:
            pipe.set(queued(cluster_id), 1, nx=True, px=QUEUED_FOR)
        answers = pipe.execute()
        if wakes and answers[1]:
            _sender.submit(send_drive, cluster_id)


def send_drive(cluster_id: int) -> None:
    """The task itself, for who has just set the flag that it is queued."""
    with suppress(*UNREACHABLE):
        current_app.send_task("clusters.drive", args=[cluster_id], queue=f"drive.{cluster_id % SHARDS}")


def announce_clock(cluster_id: int) -> None:
    """Tell them that its clock goes otherwise now."""
    with suppress(*UNREACHABLE):
        client().publish(channel(cluster_id), b"C")
