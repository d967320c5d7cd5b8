"""A cluster of 1,000 nodes with 10,000 pods from the POST until all are Ready, and the drain of a full node."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from clusters.kinds.body import Body
from tests.bench import wire
from tests.bench.figures import memory, processor
from tests.bench.inside import new_client_cluster
from tests.bench.pods import INSTANT
from tests.client import Client, deployment
from tests.podium import Podium

NODES, PODS, DEPLOYMENTS = 1000, 10_000, 20
ON_ONE = 100
DEFAULT = "apis/apps/v1/namespaces/default/deployments"
ALL_PODS = "api/v1/namespaces/default/pods"


def measure(podium: Podium) -> None:
    drain(podium)
    converge(podium)


def converge(podium: Podium) -> None:
    """Kubernetes' own timings: in the classroom's each node renews its lease every second."""
    begun = time.perf_counter()
    new_client_cluster(podium, "bench-large", NODES, timings="kubernetes")
    print(f"{NODES} nodes until Ready: {time.perf_counter() - begun:.1f} s", flush=True)
    client = Client.of(podium, "bench-large")
    before, begun = processor(podium), time.perf_counter()
    for number in range(DEPLOYMENTS):
        client.create(DEFAULT, deployment(f"web-{number}", PODS // DEPLOYMENTS, INSTANT))
    client.wait("all pods are available", lambda: available(client) == PODS, 900, pause=1)
    took = time.perf_counter() - begun
    used = {part: round(now - before.get(part, 0), 1) for part, now in processor(podium).items()}
    print(f"{PODS} pods on {NODES} nodes: {took:.1f} s, {PODS / took:.0f} a second (CPU s: {used})", flush=True)
    wire.cold(podium, "bench-large")
    print(f"memory, with {PODS} pods: {sum(memory(podium).values()):.0f} MB in all", flush=True)


def available(client: Client) -> int:
    return sum(one.get("status", {}).get("availableReplicas", 0) for one in client.items(DEFAULT))


def drain(podium: Podium) -> None:
    """Cordon and evict, as kubectl does, with a budget that allows a tenth to be missing."""
    new_client_cluster(podium, "bench-drain", 3)
    client = Client.of(podium, "bench-drain")
    for node in ("worker-2", "worker-3"):
        cordon(client, node, True)
    client.create(DEFAULT, deployment("web", ON_ONE, INSTANT))
    budget = {"maxUnavailable": "10%", "selector": {"matchLabels": {"app": "web"}}}
    body = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "web"}, "spec": budget}
    client.create("apis/policy/v1/namespaces/default/poddisruptionbudgets", body)
    client.wait_for_rollout("web", 120)
    for node in ("worker-2", "worker-3"):
        cordon(client, node, False)
    begun = time.perf_counter()
    cordon(client, "worker-1", True)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda pod: evict(client, pod), client.items(ALL_PODS)))
    client.wait("the node is empty", lambda: not on_node(client, "worker-1"), 300)
    client.wait_for_rollout("web", 120)
    print(
        f"drain of a node with {ON_ONE} pods, until all run elsewhere: {time.perf_counter() - begun:.1f} s", flush=True
    )


def cordon(client: Client, node: str, is_cordoned: bool) -> None:
    client.patch(f"api/v1/nodes/{node}", {"spec": {"unschedulable": is_cordoned}})


def evict(client: Client, pod: Body) -> None:
    """Again and again while the budget refuses it."""
    name = pod["metadata"]["name"]
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "default"}}
    while client.http.post(f"{ALL_PODS}/{name}/eviction", json=body).status_code == 429:
        time.sleep(0.1)


def on_node(client: Client, node: str) -> list[Body]:
    return client.items(ALL_PODS, fieldSelector=f"spec.nodeName={node}")
