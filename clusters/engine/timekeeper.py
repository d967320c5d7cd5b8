"""Wakes clusters when they are due: from Redis within milliseconds, from Postgres once a second. Any number may run."""

from __future__ import annotations

import logging
import signal
import time
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils.module_loading import import_string

from clusters.models import Cluster
from clusters.reconcile.clock import SECOND
from clusters.store.announce import DUE, SOONER, client, wake
from clusters.store.clock import wall_now
from clusters.store.compaction import compact_some

log = logging.getLogger(__name__)

LONGEST = 0.25  # seconds between two looks at Redis where nothing is due sooner
GATHERED = 0.003  # seconds between two looks where there is always something
OVERDUE = 1_000_000  # microseconds after which Postgres' word counts
SWEEP = 30.0  # seconds between two rounds of housekeeping


class Timekeeper:
    """A loop of small steps; `stop` ends it after the one in hand."""

    def __init__(self) -> None:
        self._stopped = False
        self._asked_at = self._swept_at = time.monotonic()

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self._stopped = True

    def run(self) -> None:
        while not self._stopped:
            try:
                self._pop_due()
                self._ask_postgres()
                self._sweep()
                _wait()
            except (redis.RedisError, InterfaceError, OperationalError):
                log.exception("the timekeeper goes on")
                connection.close()
                time.sleep(0.5)

    def _pop_due(self) -> None:
        while found := _members():
            for member in found:
                if client().zrem(DUE, member):
                    wake(int(member))

    def _ask_postgres(self) -> None:
        if time.monotonic() - self._asked_at < 1:
            return
        self._asked_at = time.monotonic()
        late = Cluster.objects.filter(next_due__lt=wall_now() - OVERDUE, driven_at__lt=wall_now() - OVERDUE)
        for cluster_id in late.order_by(F("next_due")).values_list("pk", flat=True)[:500]:
            wake(cluster_id)

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < SWEEP:
            return
        self._swept_at = time.monotonic()
        compact_some()
        for path in settings.PODIUM_SWEEPS:
            import_string(path)()


def _wait() -> None:
    """Until the first is due, or until somebody says that he is due sooner."""
    time.sleep(GATHERED)
    first: Any = client().zrange(DUE, 0, 0, withscores=True)
    seconds = (first[0][1] - wall_now()) / SECOND if first else LONGEST
    if seconds > 0:
        client().blpop([SOONER], timeout=max(min(seconds, LONGEST), 0.001))


def _members() -> list[bytes]:
    with client().pipeline(transaction=False) as pipe:
        pipe.delete(SOONER)  # who said it stands in the set already
        pipe.zrangebyscore(DUE, "-inf", wall_now(), start=0, num=100)
        found: list[bytes] = pipe.execute()[1]
    return found


def run() -> None:
    """Run until SIGTERM or SIGINT."""
    keeper = Timekeeper()
    signal.signal(signal.SIGTERM, keeper.stop)
    signal.signal(signal.SIGINT, keeper.stop)
    keeper.run()
