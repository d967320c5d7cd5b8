"""The Celery task: one slice of one cluster, then to the back of the queue or to sleep until something is due."""

from __future__ import annotations

import logging
import os
import time
from uuid import uuid4

from celery import shared_task
from django.db import connection

from clusters.engine import inbox
from clusters.engine.driver import SLICE_SECONDS, Driver
from clusters.reconcile.clock import SECOND
from clusters.store.announce import wake, wake_at
from clusters.store.clock import wall_now

log = logging.getLogger(__name__)

UNUSED_AFTER = 300.0  # seconds after which informers are dropped
_drivers: dict[int, Driver] = {}
_worker = f"{os.getpid()}-{uuid4().hex[:12]}"


@shared_task(name="clusters.drive", ignore_result=True)
def drive(cluster_id: int) -> None:
    """Nothing is lost when this is lost: the row says when the cluster is due."""
    until = time.monotonic() + SLICE_SECONDS
    driver = _drivers.setdefault(cluster_id, Driver(cluster_id, _worker))
    try:
        due = driver.slice()
        while inbox.ended(cluster_id) and driver.heard:  # whoever waits outside asks again and again: no task for each
            if time.monotonic() > until:
                due = wall_now()
                break
            due = driver.slice()
    except Exception:
        log.exception("the slice of cluster %s failed; its informers are rebuilt", cluster_id)
        _drivers.pop(cluster_id, None)
        connection.close()  # it may be what failed
        due = wall_now() + SECOND
    if due is not None and due <= wall_now():
        wake(cluster_id)
    else:
        wake_at(cluster_id, due)
    _drop_unused()


def _drop_unused() -> None:
    old = time.monotonic() - UNUSED_AFTER
    for cluster_id in [known for known, driver in _drivers.items() if driver.used_at < old]:
        del _drivers[cluster_id]
