"""Latencies as counts in buckets that grow by a tenth each: percentiles without the single values."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

LEAST = 50.0  # microseconds
STEP = 0.1

Histogram = dict[str, int]  # keys are strings, since it is kept as JSON


def bucket(latency: float) -> str:
    return str(max(0, int(log(max(latency, LEAST) / LEAST) / STEP)))


def note(histogram: Histogram, latency: float, count: int) -> None:
    place = bucket(latency)
    histogram[place] = histogram.get(place, 0) + count


def percentiles(histogram: Mapping[str, int]) -> list[int]:
    """p50, p95 and p99 in microseconds; zeros when there was no answer."""
    places = sorted(histogram, key=int)
    total = sum(histogram.values())
    found, seen, wanted = [0, 0, 0], 0, [0.5, 0.95, 0.99]
    for place in places:
        before, seen = seen, seen + histogram[place]
        for index, part in enumerate(wanted):
            if before < part * total <= seen:
                found[index] = round(LEAST * exp((int(place) + 0.5) * STEP))
    return found


def told(latency: int) -> str:
    """`850µs`, `4.2ms`, `180ms`, `1.3s`."""
    if latency < 1_000:
        return f"{latency}µs"
    if latency < 10_000:
        return f"{latency / 1_000:.1f}ms"
    return f"{latency // 1_000}ms" if latency < 1_000_000 else f"{latency / 1_000_000:.1f}s"
