"""How much one caller may ask: requests a second by Redis, and open watches by this process (429, Retry-After)."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from clusters.kinds.problem import Status
from clusters.models import Cluster

MOST_WATCHES = 100  # of one caller in one cluster
WINDOW = 2  # seconds: kubectl asks in bursts
log = logging.getLogger(__name__)
_limiters: dict[asyncio.AbstractEventLoop, FixedWindowRateLimiter] = {}
_open: Counter[tuple[int, str]] = Counter()


async def admit(cluster: Cluster, user: str) -> None:
    """Count the request. Raises TooManyRequests above what the cluster's limits allow; without Redis all may ask."""
    rate = cluster.limits.get("requests")
    if not rate:
        return
    item = RateLimitItemPerSecond(int(rate) * WINDOW, WINDOW)
    try:
        allowed = await _limiter().hit(item, str(cluster.pk), user)
    except (RedisError, OSError):
        log.exception("requests are not counted")
        return
    if not allowed:
        message = f"too many requests: at most {rate} a second in this cluster, please try again later"
        raise Status.too_many(message, WINDOW)


@contextmanager
def watching(cluster: Cluster, user: str) -> Iterator[None]:
    """One more open watch. Raises TooManyRequests where the caller has too many."""
    place = (cluster.pk, user)
    if _open[place] >= int(cluster.limits.get("watches") or MOST_WATCHES):
        raise Status.too_many(f"too many watches: this caller has {_open[place]} open already", 5)
    _open[place] += 1
    try:
        yield
    finally:
        _open[place] -= 1
        if not _open[place]:
            del _open[place]


def _limiter() -> FixedWindowRateLimiter:
    loop = asyncio.get_running_loop()
    if loop not in _limiters:
        url = settings.REDIS_URL
        address = url.replace("unix://", "redis+unix://") if url.startswith("unix://") else url
        _limiters[loop] = FixedWindowRateLimiter(RedisStorage(f"async+{address}", implementation="redispy"))
    return _limiters[loop]
