"""Simulated requests per second of a Traffic object, on one core: the pure core alone, in batches."""

from __future__ import annotations

import time

from tests.networking.traffic.crowd import status, traffic
from tests.podium import Podium
from tests.sim import Sim, deployment, service

SECONDS = 10


def measure(_: Podium) -> None:
    for pods in (3, 30):
        sim = Sim(nodes=3, addons=True)
        sim.apply(deployment("web", pods), service("web")).settle(limit=60)
        sim.apply(traffic(rate=1)).run(5)
        idle = timed(sim)
        for rate in (1_000, 10_000, 100_000):
            sim.patch("traffic", "load", "spec.rate", rate).run(2)
            before = status(sim)["sent"]
            took = timed(sim)
            sent = status(sim)["sent"] - before
            print(
                f"traffic, {pods} pods, 3 senders: {rate:,} requests a second cost {took / SECONDS:.1%} of a core "
                f"({idle / SECONDS:.1%} at 1 a second): {sent / took:,.0f} a second on one core",
                flush=True,
            )


def timed(sim: Sim) -> float:
    """CPU of this many seconds of cluster time."""
    begun = time.process_time()
    sim.run(SECONDS)
    return time.process_time() - begun
