"""Samples and how they are told: medians, percentiles, never one time alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.podium import Podium


@dataclass
class Samples:
    """Durations in seconds."""

    found: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.found.append(time.perf_counter() - begun)

    def percentile(self, part: float) -> float:
        ordered = sorted(self.found)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]

    def told(self) -> str:
        """`p50 1.2 ms, p99 3.4 ms (n=500)`."""
        p50, p99 = self.percentile(0.5) * 1000, self.percentile(0.99) * 1000
        return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms (n={len(self.found)})"


def repeat(times: int, action: Callable[[int], object]) -> Samples:
    """Time an action so often, after a tenth of that as a warm-up."""
    samples = Samples()
    for number in range(-max(times // 10, 1), times):
        if number < 0:
            action(number)
        else:
            with samples.timed():
                action(number)
    return samples


def memory(podium: Podium) -> dict[str, float]:
    """MB of each of its processes with their children; what they share is divided among them (PSS)."""
    return {name: sum(map(_pss, family)) / 1e6 for name, family in _families(podium).items()}


def processor(podium: Podium) -> dict[str, float]:
    """Seconds of CPU that each of its processes has used with its children."""
    return {name: sum(map(_seconds, family)) for name, family in _families(podium).items()}


def _families(podium: Podium) -> dict[str, list[psutil.Process]]:
    roots = {name: psutil.Process(process.pid) for name, process in podium.processes.items()}
    return {name: [root, *root.children(recursive=True)] for name, root in roots.items()}


def _seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # Postgres' helpers come and go
        return 0.0
    return float(times.user + times.system)


def _pss(process: psutil.Process) -> int:
    try:
        info = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0
    return int(getattr(info, "pss", info.uss))
