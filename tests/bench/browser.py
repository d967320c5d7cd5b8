"""From an API write to the same change in a browser's socket."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import websockets

from tests.bench.figures import Samples
from tests.bench.inside import new_client_cluster
from tests.client import Client
from tests.podium import Podium

NODE = "api/v1/nodes/worker-1"
TIMES = 200


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-browser", 3)
    client = Client.of(podium, "bench-browser")
    url = podium.manage("cluster", "url", "bench-browser").stdout.strip()
    samples, size = asyncio.run(listen(client, url.replace("http://", "ws://") + "live/", podium.base_url))
    print(f"an API write to a browser's socket: {samples.told()}; {size:.0f} bytes a delta", flush=True)


async def listen(client: Client, address: str, origin: str) -> tuple[Samples, float]:
    """One write after another, each timed until the socket has its revision."""
    samples, sizes = Samples(), []
    async with websockets.connect(address, origin=origin.rstrip("/"), max_size=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"since": None}))
        await socket.recv()
        for number in range(TIMES):
            begun = time.perf_counter()
            patch = {"spec": {"unschedulable": number % 2 == 0}}
            written = await asyncio.to_thread(client.patch, NODE, patch)
            wanted = int(written["metadata"]["resourceVersion"])
            sizes.append(await until_revision(socket, wanted))
            samples.found.append(time.perf_counter() - begun)
    return samples, sum(sizes) / len(sizes)


async def until_revision(socket: Any, wanted: int) -> int:
    while True:
        text = await asyncio.wait_for(socket.recv(), 10)
        if json.loads(text).get("revision", 0) >= wanted:
            return len(text)
