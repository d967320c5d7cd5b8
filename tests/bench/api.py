"""The API over TLS with keep-alive: GET a pod, LIST 1,000 pods, CREATE a ConfigMap, a write to its watch event."""

from __future__ import annotations

import json
import threading
import time

from tests.bench.figures import Samples, repeat
from tests.bench.inside import new_client_cluster
from tests.bench.pods import INSTANT
from tests.client import Client, deployment
from tests.podium import Podium

CONFIGMAPS = "api/v1/namespaces/default/configmaps"
PODS = "api/v1/namespaces/default/pods"


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-api", 12)
    client = Client.of(podium, "bench-api")
    client.create("apis/apps/v1/namespaces/default/deployments", deployment("web", 1000, INSTANT))
    client.wait_for_rollout("web", 120)
    name = client.items(PODS, limit=1)[0]["metadata"]["name"]
    print(f"GET a pod: {repeat(500, lambda _: client.http.get(f'{PODS}/{name}').read()).told()}", flush=True)
    print(f"LIST 1,000 pods: {repeat(20, lambda _: client.http.get(PODS).read()).told()}", flush=True)
    creation = repeat(200, lambda n: create(client, f"made-{n + 1000}"))
    print(f"CREATE a ConfigMap: {creation.told()}", flush=True)
    print(f"a write to its watch event: {write_to_watch(podium, client).told()}", flush=True)


def create(client: Client, name: str) -> None:
    client.create(CONFIGMAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})


def write_to_watch(podium: Podium, client: Client, times: int = 200) -> Samples:
    """From before the POST is sent until a watch on another connection has the event."""
    seen: dict[str, float] = {}
    revision = client.get(CONFIGMAPS)["metadata"]["resourceVersion"]

    def watch() -> None:
        with Client.of(podium, "bench-api").watch(CONFIGMAPS, resourceVersion=revision) as lines:
            for line in lines:
                name = json.loads(line)["object"]["metadata"]["name"]
                seen[name] = time.perf_counter()
                if name == f"watched-{times - 1}":
                    return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    time.sleep(3)
    samples = Samples()
    sent = {}
    for number in range(times):
        sent[f"watched-{number}"] = time.perf_counter()
        create(client, f"watched-{number}")
        time.sleep(0.01)
    thread.join(10)
    samples.found = [seen[name] - moment for name, moment in sent.items() if name in seen]
    return samples
