"""`make bench`: what a running Podium does in how much time. Figures are printed, never asserted."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    abuse,
    api,
    browser,
    clusters,
    healing,
    large,
    network,
    picture,
    pods,
    scheduler,
    scrub,
    starting,
    traffic,
    visits,
    wire,
)
from tests.bench.figures import memory
from tests.podium import Podium

PARTS: dict[str, Callable[[Podium], None]] = {
    "starting": starting.measure,
    "clusters": clusters.measure,
    "api": api.measure,
    "browser": browser.measure,
    "wire": wire.measure,
    "pods": pods.measure,
    "healing": healing.measure,
    "large": large.measure,
    "network": network.measure,
    "visits": visits.measure,
    "traffic": traffic.measure,
    "scheduler": scheduler.measure,
    "picture": picture.measure,
    "scrub": scrub.measure,
    "abuse": abuse.measure,
}


def main(wanted: list[str]) -> int:
    """Measure the named parts, or all."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are {', '.join(PARTS)}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder, Podium(Path(folder) / "podium") as podium:
        tell_memory(podium, "empty")
        for name in wanted or PARTS:
            PARTS[name](podium)
    return 0


def tell_memory(podium: Podium, when: str) -> None:
    time.sleep(2)
    found = memory(podium)
    parts = ", ".join(f"{name} {size:.0f}" for name, size in found.items())
    print(f"memory, {when}: {sum(found.values()):.0f} MB in all ({parts})", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
