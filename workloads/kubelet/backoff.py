"""Waiting longer after each failure: CrashLoopBackOff and ImagePullBackOff (client-go: flowcontrol.Backoff)."""

from __future__ import annotations

from typing import TypedDict

from clusters.reconcile.clock import Time
from clusters.reconcile.timings import Timings


class Backoff(TypedDict):
    """The present wait, and when it was set."""

    wait: Time
    since: Time


def step(old: Backoff | None, failed: Time, now: Time, timings: Timings) -> Backoff:
    """The next wait: double the last one, or the first again when what failed had done well for long enough."""
    if old is None or failed - old["since"] > timings.backoff_reset:
        return {"wait": timings.backoff_first, "since": now}
    return {"wait": min(old["wait"] * 2, timings.backoff_most), "since": now}


def due(backoff: Backoff | None, failed: Time) -> Time:
    """When to try again after a failure at that time."""
    return failed + backoff["wait"] if backoff else failed
