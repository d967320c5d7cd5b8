"""When a node has which version of the rules: a proxy writes what it has heard once a period (minSyncPeriod).

Nothing is written for it: each node's proxy keeps the same beat for ever, so that what it has at a moment follows
from when a version came to be. A node that hears nothing more stands still at its `base`.
"""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

from clusters.kinds.body import Body
from clusters.reconcile.clock import Time
from clusters.reconcile.timings import Timings

BEATS = 10  # so many moments of a period are told apart


def moment(now: Time, timings: Timings) -> Time:
    """When a change of now counts as told: what comes within one such moment is one version."""
    slot = timings.proxy_sync // BEATS
    return -(-now // slot) * slot


@lru_cache(maxsize=4096)
def phase(node: str) -> int:
    """Nodes do not sync all at once."""
    return crc32(node.encode()) % BEATS


def next_sync(node: str, after: Time, timings: Timings) -> Time:
    """The proxy's first sync not before that time."""
    offset = phase(node) * (timings.proxy_sync // BEATS)
    return -(-(after - offset) // timings.proxy_sync) * timings.proxy_sync + offset


def last_sync(node: str, now: Time, timings: Timings) -> Time:
    return next_sync(node, now + 1, timings) - timings.proxy_sync


def reached(proxy: Body, at: Time, now: Time, timings: Timings) -> bool:
    """Whether the node's rules have what was told at that time."""
    if at <= proxy["base"]:
        return True
    if not proxy["live"]:
        return False
    heard = max(at + proxy["delay"], proxy["since"])
    return next_sync(proxy["metadata"]["name"], heard, timings) <= now


def base_of(proxy: Body, now: Time, timings: Timings) -> Time:
    """Up to when its rules have everything that was told, were it to hear nothing more from now on."""
    last = last_sync(proxy["metadata"]["name"], now, timings)
    base: Time = proxy["base"]
    if not proxy["live"] or last < proxy["since"]:
        return base
    return max(base, last - int(proxy["delay"]))


def rules_on(proxy: Body | None, told: Body, now: Time, timings: Timings) -> Body | None:
    """The Service's rules as this node has them; None where it has none."""
    if proxy is None:
        return None
    for version in reversed(told["versions"]):
        if reached(proxy, version["at"], now, timings):
            found: Body | None = version["rules"]
            return found
    return None
