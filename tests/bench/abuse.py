"""A quiet client's GET while another one sends what it should not."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from playground.supervise.environment import ROOT
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
    client = Client.of(podium, "bench-quiet")
    config = podium.home / "loud.yaml"
    config.write_text(podium.manage("kubeconfig", "bench-loud").stdout)
    quiet = get_often(client)
    print(f"GET by a quiet client, alone: {quiet.told()}", flush=True)
    for name in ABUSES:
        found = while_somebody(name, config, client)
        ratio = found.percentile(0.99) / quiet.percentile(0.99)
        print(f"GET while another sends {name}: {found.told()}, p99 x{ratio:.1f}", flush=True)


def get_often(client: Client) -> Samples:
    return repeat(1000, lambda _: client.http.get(NODES).read())


def while_somebody(name: str, config: Path, client: Client) -> Samples:
    """The other one is a process of its own: in this one it would take our own time, not Podium's."""
    somebody = subprocess.Popen([sys.executable, "-m", "tests.bench.abuse", name, str(config)], cwd=ROOT)
    time.sleep(2)
    try:
        return get_often(client)
    finally:
        somebody.kill()
        somebody.wait()


def go_on(name: str, config: str) -> None:
    """Do it again and again until killed."""
    with Client(Path(config).read_text(), connections=1000) as loud:
        while True:
            try:
                ABUSES[name](loud)
            except httpx.HTTPError:
                time.sleep(0.05)


def large(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=b"x" * 10_000_000)


def bomb(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=BOMB.encode(), headers=YAML)


def deep(client: Client) -> None:
    client.http.post("api/v1/namespaces/default/configmaps", content=b'{"a":' * 50_000)


def watches(client: Client) -> None:
    """A thousand from one client: those that are taken are held open, those that are refused are asked for again."""
    held = []
    try:
        for _ in range(1000):
            request = client.http.build_request("GET", "api/v1/pods", params={"watch": "true", "timeoutSeconds": 30})
            answer = client.http.send(request, stream=True)
            if answer.status_code == 200:
                held.append(answer)
            else:
                answer.read()
    finally:
        for answer in held:
            answer.close()


ABUSES: dict[str, Callable[[Client], None]] = {
    "10 MB bodies": large,
    "alias bombs": bomb,
    "deep nesting": deep,
    "a thousand watches": watches,
}

if __name__ == "__main__":
    go_on(*sys.argv[1:])
