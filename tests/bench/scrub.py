"""Time to scrub and to ask why: the cluster in the last 30 minutes, with 1,000 pods and a log that grew."""

from __future__ import annotations

import random
import time

import httpx

from tests.bench.figures import Samples
from tests.bench.inside import new_client_cluster, run_inside
from tests.bench.pods import INSTANT
from tests.client import Client, deployment
from tests.podium import Podium

NAME, NODES, RESTING, BUSY = "bench-scrub", 12, 900, 100
MINUTE = 60_000_000
BACK, SPEED = 30 * MINUTE, 60
LOOKS, PATIENCE = 150, 240  # seconds
APPS = "apis/apps/v1/namespaces/default/deployments"
SLUG = f"from clusters.models import Cluster; print(Cluster.objects.get(name={NAME!r}).slug)"
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "lost"},
    "spec": {"selector": {"app": "restin"}, "ports": [{"port": 80}]},
}
HUGE = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "huge"},
    "spec": {"containers": [{"name": "web", "image": INSTANT, "resources": {"requests": {"cpu": "100"}}}]},
}
CLOCK = """
from clusters.engine.clock import set_clock
from clusters.models import Cluster
set_clock(Cluster.objects.get(name=%r), speed=%s)
"""
LINES = """
from clusters.models import Change, Cluster, Moment
cluster = Cluster.objects.get(name=%r)
print(Change.objects.filter(cluster=cluster).count(), Moment.objects.filter(cluster=cluster).count())
"""


def measure(podium: Podium) -> None:
    new_client_cluster(podium, NAME, NODES, timings="kubernetes")
    client = Client.of(podium, NAME)
    client.create(APPS, deployment("resting", RESTING, INSTANT))
    client.create(APPS, deployment("busy", BUSY, INSTANT))
    client.wait_for_rollout("resting", 300)
    slug = run_inside(podium, SLUG).strip()
    with httpx.Client(base_url=f"{podium.base_url}/c/{slug}/".replace("//c/", "/c/"), timeout=60) as page:
        live(podium, client, page)
        lines, snapshots = run_inside(podium, LINES % NAME).split()
        print(f"a log of {lines} lines and {snapshots} snapshots, {RESTING + BUSY} pods", flush=True)
        look(page)
        ask(client, page)


def live(podium: Podium, client: Client, page: httpx.Client) -> None:
    """Thirty minutes at sixty times the speed, in which a Deployment is rolled again and again."""
    run_inside(podium, CLOCK % (NAME, SPEED))
    begun, start, number = time.monotonic(), now(page), 0
    while now(page) - start < BACK and time.monotonic() - begun < PATIENCE:
        number += 1
        template = {"metadata": {"annotations": {"turn": str(number)}}}
        client.patch(f"{APPS}/busy", {"spec": {"template": template}})
        time.sleep(2)
    run_inside(podium, CLOCK % (NAME, 1))
    time.sleep(35)  # the timekeeper's housekeeping takes the snapshots


def look(page: httpx.Client) -> None:
    draw, scrubs, sizes, end = random.Random(1), Samples(), [], now(page)
    for _ in range(LOOKS):
        with scrubs.timed():
            answer = page.get("at/", params={"time": end - draw.randrange(BACK)})
        assert answer.status_code == 200, answer.text
        sizes.append(len(answer.content))
    print(f"scrub to a moment of the last 30 minutes: {scrubs.told()}, {max(sizes) / 1e6:.1f} MB at most", flush=True)
    compares = Samples()
    for _ in range(LOOKS // 10):
        with compares.timed():
            page.get("timeline/compare/", params={"from": end - draw.randrange(BACK), "to": end})
    print(f"compare a moment of the last 30 minutes with now: {compares.told()}", flush=True)


def ask(client: Client, page: httpx.Client) -> None:
    """Why, of what looks at all pods: a Service that selects nobody, a stuck rollout, a pod that fits nowhere."""
    client.create("api/v1/namespaces/default/services", SERVICE)
    client.create(APPS, deployment("broken", 5, "nginx:1.99"))
    client.create("api/v1/namespaces/default/pods", HUGE)
    time.sleep(10)
    for place in ("services/default/lost", "deployments/default/broken", "pods/default/huge"):
        answers = Samples()
        for _ in range(LOOKS // 5):
            with answers.timed():
                answer = page.get(f"why/{place}/", headers={"HX-Request": "true"})
            assert 'class="why' in answer.text, answer.text
        print(f"why {place}: {answers.told()}", flush=True)


def now(page: httpx.Client) -> int:
    return int(page.get("timeline/", params={"since": 1 << 60}).json()["now"])
