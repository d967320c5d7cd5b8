"""A quiet client's GET while another one sends what it should not."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx

from tests.bench.figures import Samples, repeat
from tests.bench.inside import new_client_cluster
from tests.client import Client
from tests.podium import Podium

NODES = "api/v1/nodes/worker-1"
YAML = {"Content-Type": "application/yaml"}
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-quiet", 1)
    new_client_cluster(podium, "bench-loud", 1)
    client, loud = Client.of(podium, "bench-quiet"), Client.of(podium, "bench-loud")
    quiet = get_often(client)
    print(f"GET by a quiet client, alone: {quiet.told()}", flush=True)
    for name, act in ABUSES.items():
        found = while_somebody(act, loud, client)
        ratio = found.percentile(0.99) / quiet.percentile(0.99)
        print(f"GET while another sends {name}: {found.told()}, p99 x{ratio:.1f}", flush=True)


def get_often(client: Client) -> Samples:
    return repeat(300, lambda _: client.http.get(NODES).read())


def while_somebody(act: Callable[[Client], None], loud: Client, client: Client) -> Samples:
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            try:
                act(loud)
            except httpx.HTTPError:
                stop.wait(0.05)

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        return get_often(client)
    finally:
        stop.set()
        thread.join(10)


def large(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=b"x" * 10_000_000)


def bomb(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=BOMB.encode(), headers=YAML)


def deep(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=b'{"a":' * 50_000)


def watches(client: Client) -> None:
    """A thousand at once would need as many sockets here: a hundred, opened and dropped again and again."""
    found = [httpx.Client(base_url=client.server + "/", headers=client.http.headers, verify=False) for _ in range(100)]
    try:
        for one in found:
            request = one.build_request("GET", "api/v1/pods", params={"watch": "true", "timeoutSeconds": 5})
            one.send(request, stream=True)
    finally:
        for one in found:
            one.close()


ABUSES: dict[str, Callable[[Client], None]] = {
    "10 MB bodies": large,
    "alias bombs": bomb,
    "deep nesting": deep,
    "hundreds of watches": watches,
}
