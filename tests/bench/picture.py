"""The picture under churn: the main thread's time a frame, frames a second, switching views, the first picture."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests import browser as browsers
from tests.bench.inside import new_client_cluster, run_inside
from tests.podium import Podium

SIZES = ((10, 60), (100, 1_000), (1_000, 10_000))
CHANGES, TICKS = 500, 25  # a second: changes, and frames that carry them
WARM, SECONDS, LASTS = 2, 5, 40
VIEWS = ("ownership", "traffic", "storage", "nodes")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync")
PACKED = b"\x1f\x8b"  # how gzip begins: such a frame is binary
HOOKS = Path(__file__).with_suffix(".js").read_text()
MAKE = "from tests.bench.crowd import write; write({path!r}, {nodes}, {pods}, {changes}, {ticks})"


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-picture", 3)
    url = podium.manage("cluster", "url", "bench-picture").stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.find(), args=FLAGS)
        first_picture(browser, url)
        for nodes, pods in SIZES:
            with fed(crowd(podium, nodes, pods)) as feed:
                watch(browser, url, feed, f"{nodes} nodes, {pods} pods")
        browser.close()


def crowd(podium: Podium, nodes: int, pods: int) -> list[bytes]:
    """Frames as the product builds them, made before anything is measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frames"
        made = {"path": str(path), "nodes": nodes, "pods": pods, "changes": CHANGES // TICKS, "ticks": LASTS * TICKS}
        run_inside(podium, MAKE.format(**made))
        return [b64decode(line) for line in path.read_bytes().splitlines()]


def first_picture(browser: Browser, url: str) -> None:
    """Nothing cached, a real cluster on its own socket."""
    for _ in range(3):
        with visiting(browser, url) as page:
            print(f"first picture of a small cluster on a cold load: {seen(page):.0f} ms", flush=True)


def watch(browser: Browser, url: str, feed: Feed, what: str) -> None:
    with visiting(browser, url, feed.url) as page:
        print(f"{what}: first picture {seen(page):.0f} ms", flush=True)
        switch(page, f"{what}, calm")
        feed.go.set()
        page.wait_for_timeout(WARM * 1000)
        for view in VIEWS:
            page.evaluate("view => bench.switchTo(view)", view)
            page.wait_for_timeout(WARM * 500)
            print(f"{what}, {view}: {churn(page)}", flush=True)
        switch(page, f"{what}, under churn")


def seen(page: Page) -> float:
    page.wait_for_function("() => bench.first > 0", timeout=120_000)
    return float(page.evaluate("bench.first"))


def switch(page: Page, what: str) -> None:
    took = [f"{view} {page.evaluate('view => bench.switchTo(view)', view):.0f} ms" for view in VIEWS]
    print(f"{what}: switch to {', '.join(took)}", flush=True)


def churn(page: Page) -> str:
    """The main thread's own processor time (not the wall's: others share the machine), and what came of it."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.evaluate("() => { bench.frames = bench.drawn = 0; bench.stamps = []; }")
    before = metrics(session)
    page.wait_for_timeout(SECONDS * 1000)
    after = metrics(session)
    frames, drawn, stamps = page.evaluate("[bench.frames, bench.drawn, bench.stamps]")
    session.detach()
    gaps = sorted(late - early for early, late in itertools.pairwise(stamps))
    task, script = (1000 * (after[name] - before[name]) for name in ("TaskDuration", "ScriptDuration"))
    return (
        f"{task / frames:.1f} ms of the main thread a frame ({script / frames:.1f} of it script),"
        f" {task / SECONDS:.0f} ms a second;"
        f" {frames / SECONDS:.0f} frames a second, {drawn / SECONDS:.0f} of them drawn,"
        f" p50 {gaps[len(gaps) // 2]:.0f} ms and p99 {gaps[len(gaps) * 99 // 100]:.0f} ms apart"
    )


def metrics(session: CDPSession) -> dict[str, float]:
    return {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}


@contextmanager
def visiting(browser: Browser, url: str, feed: str = "") -> Iterator[Page]:
    """A page of its own, with nothing in any cache. A feed is on another port, which the page's policy forbids."""
    size = {"width": 1280, "height": 720}
    context: BrowserContext = browser.new_context(viewport=size, color_scheme="dark", bypass_csp=bool(feed))  # type: ignore[arg-type]
    context.add_init_script(HOOKS.replace("FEED", feed))
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"the page complains: {error}", flush=True))
    page.goto(url)
    yield page
    context.close()


class Feed:
    """A socket that says what it was given: the snapshot at once, then a frame a tick while `go` is set."""

    def __init__(self, frames: list[bytes]) -> None:
        self.frames = frames
        self.url = ""
        self.go = threading.Event()
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.over = asyncio.Event()

    def run(self) -> None:
        self.loop.run_until_complete(self.serve())

    async def serve(self) -> None:
        async with serve(self.tell, "127.0.0.1", 0, max_size=None, ping_interval=None) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/"
            self.ready.set()
            await self.over.wait()

    async def tell(self, socket: ServerConnection) -> None:
        await socket.recv()
        with suppress(ConnectionClosed):  # the page was closed
            for frame in self.frames:
                await socket.send(frame if frame.startswith(PACKED) else frame.decode())
                await asyncio.sleep(1 / TICKS)
                while not self.go.is_set() and not self.over.is_set():
                    await asyncio.sleep(0.05)


@contextmanager
def fed(frames: list[bytes]) -> Iterator[Feed]:
    feed = Feed(frames)
    thread = threading.Thread(target=feed.run, daemon=True)
    thread.start()
    feed.ready.wait(10)
    yield feed
    feed.loop.call_soon_threadsafe(feed.over.set)
    thread.join(5)
