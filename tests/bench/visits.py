"""Real HTTP requests from outside through the Ingress to a pod and back, over keep-alive connections.

The clients are plain sockets: what a client library costs would be measured as well.
"""

from __future__ import annotations

import socket
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
        client = Keeping(address)
        while time.monotonic() < ends:
            with found.timed():
                status = client.get()
            if status != 200:
                failed.append(status)
        client.close()

    threads = [threading.Thread(target=asks) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(found.found) / SECONDS
    print(f"visits by {CLIENTS} clients at once: {rate:.0f} a second, {found.told()}, {len(failed)} failed", flush=True)


class Keeping:
    """One connection that stays open, and asks for one address."""

    def __init__(self, address: str) -> None:
        url = httpx.URL(address)
        self._socket = socket.create_connection((url.host, url.port or 80))
        self._asks = f"GET {url.raw_path.decode()} HTTP/1.1\r\nHost: {url.host}:{url.port}\r\n\r\n".encode()

    def get(self) -> int:
        """The status, once the whole answer is there."""
        self._socket.sendall(self._asks)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._socket.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        left = int(length.partition(b":")[2]) - len(body)
        while left > 0:
            left -= len(self._socket.recv(65536))
        return int(head.split(b" ", 2)[1])

    def close(self) -> None:
        self._socket.close()
