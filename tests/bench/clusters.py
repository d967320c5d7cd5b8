"""From the wish for a cluster until its nodes are Ready."""

from __future__ import annotations

from tests.bench.figures import Samples
from tests.bench.inside import run_inside
from tests.podium import Podium

SCRIPT = """
import time
from clusters.engine.birth import create_cluster, wait_until_ready
for number in range(11):
    begun = time.perf_counter()
    cluster = create_cluster(f"bench-birth-{number}", nodes=3)
    assert wait_until_ready(cluster)
    print(time.perf_counter() - begun)
"""


def measure(podium: Podium) -> None:
    found = [float(line) for line in run_inside(podium, SCRIPT).split()]
    print(f"a new cluster of 4 nodes until all are Ready: {Samples(found[1:]).told()}", flush=True)
