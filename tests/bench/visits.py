"""Real HTTP requests from outside through the Ingress to a pod and back, over keep-alive connections."""

from __future__ import annotations

import threading
import time

import httpx

from tests.bench.figures import Samples, repeat
from tests.bench.inside import new_client_cluster
from tests.client import Client, deployment
from tests.podium import Podium

NAME, HOST = "bench-visits", "web.example.com"
CLIENTS, SECONDS = 16, 10.0


def measure(podium: Podium) -> None:
    new_client_cluster(podium, NAME, 3)
    client = Client.of(podium, NAME)
    prepare(client)
    address = f"{podium.manage('cluster', 'url', NAME).stdout.strip()}visit/{HOST}/"
    with httpx.Client() as http:
        client.wait("an answer", lambda: http.get(address).status_code == 200, 60)
        print(f"a visit through the Ingress: {repeat(200, lambda _: http.get(address).read()).told()}", flush=True)
    together(address)


def prepare(client: Client) -> None:
    client.create("apis/apps/v1/namespaces/default/deployments", deployment("web", 3, "nginx:1.27"))
    client.wait_for_rollout("web")
    port = {"port": 80}
    service = {"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [port]}}
    client.create("api/v1/namespaces/default/services", {"apiVersion": "v1", "kind": "Service", **service})
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
    spec = {"rules": [{"host": HOST, "http": {"paths": paths}}]}
    body = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "web"}, "spec": spec}
    client.create("apis/networking.k8s.io/v1/namespaces/default/ingresses", body)


def together(address: str) -> None:
    """Several clients at once, each on a connection of its own."""
    ends, found = time.monotonic() + SECONDS, Samples()
    failed: list[int] = []

    def asks() -> None:
        with httpx.Client() as http:
            while time.monotonic() < ends:
                with found.timed():
                    answer = http.get(address)
                if answer.status_code != 200:
                    failed.append(answer.status_code)

    threads = [threading.Thread(target=asks) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(found.found) / SECONDS
    print(f"visits by {CLIENTS} clients at once: {rate:.0f} a second, {found.told()}, {len(failed)} failed", flush=True)
