"""What goes over the wire to live pages: bytes of each change, 200 browsers on one cluster, the first picture."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import websockets

from clusters.kinds.body import Body
from tests.bench.figures import Samples, memory, processor
from tests.bench.inside import new_client_cluster
from tests.bench.pods import INSTANT
from tests.client import Client, deployment
from tests.podium import Podium

PODS, ON_ONE = 1000, 100
BROWSERS, CHANGES = 200, 100
STEADY, LINGER = 60.0, 30.0  # seconds
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
FAULTS = "apis/podium.dev/v1/faults"
NODE = "api/v1/nodes/worker-1"
PROBE = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 5}


@dataclass
class Page:
    """A browser that counts: frames, bytes as they came, rows that changed, of them pods."""

    socket: Any
    frames: int = 0
    size: int = 0
    changes: int = 0
    pods: int = 0
    revision: int = 0
    kinds: dict[int, str] = field(default_factory=dict)
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> Body:
        data = await self.socket.recv()
        frame: Body = json.loads(gzip.decompress(data) if isinstance(data, bytes) else data)
        self.revision = frame["revision"]
        self.frames += 1
        self.size += len(data)
        if frame.get("type") == "snapshot":
            self.kinds = {n: row["kind"] for n, row in zip(frame["numbers"], frame["rows"], strict=True)}
        else:
            self._count(frame)
        self.moved.set()
        self.moved = asyncio.Event()
        return frame

    def begin(self) -> None:
        self.frames = self.size = self.changes = self.pods = 0

    def told(self) -> str:
        each = f"{self.size / max(self.changes, 1):.0f} a changed row" if self.changes else "no row changed"
        return f"{self.size} bytes in {self.frames} frames, {each} ({self.changes} rows, {self.pods} of them pods)"

    def _count(self, frame: Body) -> None:
        for which, columns, *like in frame.get("rows", ()):
            numbers = [which] if isinstance(which, int) else which
            if like:
                self.kinds[which] = columns.get("kind") or self.kinds[like[0]]
            self._add(numbers)
        self._add(frame.get("gone", ()))

    def _add(self, numbers: list[int]) -> None:
        self.changes += len(numbers)
        self.pods += sum(self.kinds.get(number) == "Pod" for number in numbers)


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-wire", PODS // ON_ONE + 2)
    client = Client.of(podium, "bench-wire")
    asyncio.run(bytes_of_changes(podium, client))
    cold(podium, "bench-wire")
    asyncio.run(many_browsers(podium, client))


def cold(podium: Podium, name: str) -> None:
    """From the socket's opening to all rows: for the first page, and for one that comes while the board is kept."""
    asyncio.run(_cold(podium, name))


async def _cold(podium: Podium, name: str) -> None:
    await asyncio.sleep(LINGER + 5)  # until nobody remembers that it was looked at
    for when in ("first page", "next page"):
        begun = time.perf_counter()
        async with await opened(podium, name) as socket:
            page = Page(socket)
            rows = len((await page.read())["rows"])
            took = (time.perf_counter() - begun) * 1000
        print(f"{when} of {name}, {rows} rows: {took:.0f} ms, {page.size / 1000:.0f} kB", flush=True)


async def bytes_of_changes(podium: Podium, client: Client) -> None:
    async with await opened(podium, "bench-wire") as socket:
        page = Page(socket)
        await page.read()
        reading = asyncio.create_task(forever(page.read))
        web = deployment("web", PODS, INSTANT)
        await phase(page, f"scale-up to {PODS} pods", lambda: create_and_wait(client, web))
        probed = deployment("probed", 50)
        probed["spec"]["template"]["spec"]["containers"][0] |= {"readinessProbe": PROBE, "livenessProbe": PROBE}
        await phase(page, "50 nginx with probes begin", lambda: create_and_wait(client, probed))
        await asyncio.sleep(10)
        await phase(page, f"steady state for {STEADY:.0f} s", lambda: time.sleep(STEADY))
        await phase(page, f"rollout of {PODS} pods", lambda: roll(client))
        await phase(page, "crash of a node, until its pods run elsewhere", lambda: crash(client))
        await phase(page, "scale to 0", lambda: scale_to_nothing(client))
        await phase(page, f"scale-up to {PODS} pods again", lambda: scale_up(client))
        reading.cancel()


async def phase(page: Page, what: str, act: Callable[[], object]) -> None:
    page.begin()
    await asyncio.to_thread(act)
    await asyncio.sleep(3)
    print(f"wire, {what}: {page.told()}", flush=True)


async def many_browsers(podium: Podium, client: Client) -> None:
    before = memory(podium)["web"]
    pages: list[Page] = []
    reading: list[asyncio.Task[None]] = []
    while len(pages) < BROWSERS:  # each reads from the beginning, as a browser does
        pages.append(Page(await opened(podium, "bench-wire")))
        reading.append(asyncio.create_task(forever(pages[-1].read)))
    for page in pages:
        await until(page, 1, 0.0)
    samples = Samples()
    used, begun = processor(podium)["web"], time.perf_counter()
    for number in range(CHANGES):
        sent = time.perf_counter()
        patch = {"spec": {"unschedulable": number % 2 == 0}}
        written = await asyncio.to_thread(client.patch, NODE, patch)
        wanted = int(written["metadata"]["resourceVersion"])
        samples.found += await asyncio.gather(*(until(page, wanted, sent) for page in pages))
    share = (processor(podium)["web"] - used) / (time.perf_counter() - begun)
    each = (memory(podium)["web"] - before) * 1000 / BROWSERS
    print(f"a change to all of {BROWSERS} browsers: {samples.told()}; {share:.0%} of a core for {CHANGES} changes one "
          f"after the other, {each:.0f} kB a browser", flush=True)  # fmt: skip
    await in_a_crowd(podium, client, pages)
    for task, page in zip(reading, pages, strict=True):
        task.cancel()
        await page.socket.close()


async def in_a_crowd(podium: Podium, client: Client, pages: list[Page]) -> None:
    """All of them look on while a thousand pods are replaced."""
    for page in pages:
        page.begin()
    used, begun = processor(podium)["web"], time.perf_counter()
    await asyncio.to_thread(roll, client)
    took = time.perf_counter() - begun
    share = (processor(podium)["web"] - used) / took
    await asyncio.sleep(3)
    frames = sum(page.frames for page in pages) / len(pages)
    behind = max(page.revision for page in pages) - min(page.revision for page in pages)
    print(f"a rollout of {PODS} pods before {BROWSERS} browsers: {took:.1f} s, {share:.0%} of a core for the web, "
          f"{frames:.0f} frames each, the last of them {behind} revisions behind the first", flush=True)  # fmt: skip


async def until(page: Page, wanted: int, sent: float) -> float:
    while page.revision < wanted:
        await asyncio.wait_for(page.moved.wait(), 30)
    return time.perf_counter() - sent


async def forever(action: Callable[[], Awaitable[object]]) -> None:
    while True:
        await action()


async def opened(podium: Podium, name: str) -> Any:
    url = podium.manage("cluster", "url", name).stdout.strip() if name not in _urls else _urls[name]
    _urls[name] = url
    address = url.replace("http://", "ws://") + "live/"
    origin: Any = podium.base_url.rstrip("/")
    socket = await websockets.connect(address, origin=origin, max_size=None, ping_interval=None)
    await socket.send(json.dumps({"since": None}))
    return socket


_urls: dict[str, str] = {}


def create_and_wait(client: Client, body: Body) -> None:
    client.create(DEPLOYMENTS, body)
    client.wait_for_rollout(body["metadata"]["name"], 600)


def roll(client: Client) -> None:
    at = {"annotations": {"at": str(time.time())}}
    client.patch(f"{DEPLOYMENTS}/web", {"spec": {"template": {"metadata": at}}})
    client.wait_for_rollout("web", 600)


def crash(client: Client) -> None:
    spec = {"type": "NodeCrash", "target": {"node": "worker-2"}}
    body = {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": "dark"}, "spec": spec}
    client.create(FAULTS, body)
    client.wait("its pods are away", lambda: ready(client) < PODS, 300, pause=0.5)
    client.wait("all run elsewhere", lambda: ready(client) == PODS, 600, pause=0.5)
    client.delete(f"{FAULTS}/dark")


def scale_to_nothing(client: Client) -> None:
    client.patch(f"{DEPLOYMENTS}/web", {"spec": {"replicas": 0}})
    client.wait("all are gone", lambda: replicas(client) == 0, 300, pause=0.5)


def scale_up(client: Client) -> None:
    client.patch(f"{DEPLOYMENTS}/web", {"spec": {"replicas": PODS}})
    client.wait_for_rollout("web", 600)


def ready(client: Client) -> int:
    return int((client.get(f"{DEPLOYMENTS}/web").get("status") or {}).get("readyReplicas", 0))


def replicas(client: Client) -> int:
    return int((client.get(f"{DEPLOYMENTS}/web").get("status") or {}).get("replicas", 0))
