"""Pods from the Deployment's POST until all are Ready, with an image that takes no time."""

from __future__ import annotations

import time

from tests.bench.figures import memory, processor
from tests.bench.inside import new_client_cluster
from tests.client import Client, deployment
from tests.podium import Podium

INSTANT = "podium.dev/instant:1"


def measure(podium: Podium) -> None:
    for replicas in (300, 1000):
        name = f"bench-pods-{replicas}"
        new_client_cluster(podium, name, replicas // 100 + 2)
        client = Client.of(podium, name)
        before, begun = processor(podium), time.perf_counter()
        client.create("apis/apps/v1/namespaces/default/deployments", deployment("web", replicas, INSTANT))
        client.wait_for_rollout("web", 300)
        took = time.perf_counter() - begun
        used = {part: round(now - before.get(part, 0), 1) for part, now in processor(podium).items()}
        speed = f"{took:.2f} s, {replicas / took:.0f} a second"
        print(f"{replicas} pods created to Ready: {speed} (CPU s: {used})", flush=True)
    print(f"memory, with 1,300 pods: {sum(memory(podium).values()):.0f} MB in all", flush=True)
