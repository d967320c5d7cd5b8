"""Latencies as counts in buckets that grow by a tenth each: percentiles without the single values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

LEAST = 50.0  # microseconds
STEP = 0.1
PARTS = (0.5, 0.95, 0.99)

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
    found, seen = [0] * len(PARTS), 0
    for place in places:
        before, seen = seen, seen + histogram[place]
        for index, part in enumerate(PARTS):
            if before < part * total <= seen:
                found[index] = round(LEAST * exp((int(place) + 0.5) * STEP))
    return found


def together(histograms: Iterable[Mapping[str, int]]) -> Histogram:
    """The answers of all of them."""
    found: Histogram = {}
    for one in histograms:
        for place, count in one.items():
            found[place] = found.get(place, 0) + count
    return found


def mixed(parts: Sequence[tuple[int, Sequence[int]]]) -> list[int]:
    """The percentiles of several crowds together, of which only (answers, their own percentiles) are known.

    Between what is known of each, its latencies are taken to lie evenly on a logarithmic scale.
    """
    parts = [(count, known) for count, known in parts if count and all(known)]
    if len(parts) < 2:
        return list(parts[0][1]) if parts else [0] * len(PARTS)
    total = sum(count for count, _ in parts)
    return [round(exp(_where(parts, part * total))) for part in PARTS]


def _where(parts: Sequence[tuple[int, Sequence[int]]], wanted: float) -> float:
    """The logarithm of the latency below which so many answers are."""
    low, high = log(min(known[0] for _, known in parts) / 2), log(max(known[-1] for _, known in parts) * 1.2)
    for _ in range(24):
        middle = (low + high) / 2
        below = sum(count * _share_below(known, middle) for count, known in parts)
        low, high = (middle, high) if below < wanted else (low, middle)
    return (low + high) / 2


def _share_below(known: Sequence[int], place: float) -> float:
    before, share = log(known[0] / 2), 0.0
    for latency, part in (*zip(known, PARTS, strict=True), (known[-1] * 1.2, 1.0)):
        here = log(latency)
        if place < here:
            return share + (part - share) * max(0.0, place - before) / (here - before)
        before, share = here, part
    return 1.0


def told(latency: int) -> str:
    """`850µs`, `4.2ms`, `180ms`, `1.3s`."""
    if latency < 1_000:
        return f"{latency}µs"
    if latency < 10_000:
        return f"{latency / 1_000:.1f}ms"
    return f"{latency // 1_000}ms" if latency < 1_000_000 else f"{latency / 1_000_000:.1f}s"
