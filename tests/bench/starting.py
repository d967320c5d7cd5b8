"""From `make play` on a home that is there already until the page can be opened, and from Ctrl-C until all is over."""

from __future__ import annotations

from tests.bench.figures import Samples, processor
from tests.podium import Podium

TIMES = 5


def measure(podium: Podium) -> None:
    starts, stops, spent = Samples(), Samples(), []
    for _ in range(TIMES):
        stops.found.append(podium.stop())
        with starts.timed():
            podium.start()
        spent.append(sum(processor(podium).values()))
    print(f"a second start: {starts.told()}, {sorted(spent)[TIMES // 2]:.1f} s of CPU", flush=True)
    print(f"a stop: {stops.told()}", flush=True)
