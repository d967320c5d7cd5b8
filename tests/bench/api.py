"""The API over TLS with keep-alive: GET a pod, LIST 1,000 pods, CREATE a ConfigMap, a write to its watch event.

Asked by the standard library's own client, which costs a third of a millisecond, and not by one that costs as much as
the server. The CPU that Podium's processes use for it says more than the time where a machine does other things, too.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.client import HTTPSConnection
from urllib.parse import urlsplit

from clusters.kinds.body import Body
from tests.bench.figures import Samples, processor, repeat
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
    plain = Plain(client)
    told(podium, "GET a pod", 500, lambda _: plain.ask("GET", f"{PODS}/{name}"))
    told(podium, "LIST 1,000 pods", 20, lambda _: plain.ask("GET", PODS))
    told(podium, "CREATE a ConfigMap", 200, lambda n: plain.ask("POST", CONFIGMAPS, config(f"made-{n + 1000}")))
    print(f"a write to its watch event: {write_to_watch(podium, client).told()}", flush=True)


def told(podium: Podium, what: str, times: int, action: Callable[[int], object]) -> None:
    before = sum(processor(podium).values())
    samples = repeat(times, action)
    used = (sum(processor(podium).values()) - before) / (times + max(times // 10, 1)) * 1000
    print(f"{what}: {samples.told()}, {used:.1f} ms of CPU each in all of Podium", flush=True)


class Plain:
    """One connection that stays open."""

    def __init__(self, client: Client) -> None:
        server = urlsplit(client.server)
        self._path, self._headers = server.path, {"Authorization": f"Bearer {client.token}"}
        self._connection = HTTPSConnection(server.hostname or "", server.port, context=client.context)

    def ask(self, method: str, path: str, body: Body | None = None) -> bytes:
        """The whole answer, which must be a good one."""
        sent = None if body is None else json.dumps(body).encode()
        headers = self._headers if sent is None else {**self._headers, "Content-Type": "application/json"}
        self._connection.request(method, f"{self._path}/{path}", sent, headers)
        answer = self._connection.getresponse()
        found = answer.read()
        assert answer.status < 300, found
        return found


def config(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}


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
        client.create(CONFIGMAPS, config(f"watched-{number}"))
        time.sleep(0.01)
    thread.join(10)
    samples.found = [seen[name] - moment for name, moment in sent.items() if name in seen]
    return samples
