"""From a node's crash until all replacements run, beyond what the classroom's timings make everybody wait."""

from __future__ import annotations

import time

from clusters.kinds.body import dig
from clusters.reconcile.clock import SECOND
from clusters.reconcile.timings import CLASSROOM
from tests.bench.figures import Samples
from tests.bench.inside import new_client_cluster
from tests.bench.pods import INSTANT
from tests.client import Client, deployment, ready
from tests.podium import Podium

PODS = "api/v1/namespaces/default/pods"
FAULTS = "apis/podium.dev/v1/faults"
CONFIGURED = (CLASSROOM.monitor_grace + CLASSROOM.toleration) / SECOND


def measure(podium: Podium) -> None:
    new_client_cluster(podium, "bench-heal", 4)
    client = Client.of(podium, "bench-heal")
    client.create("apis/apps/v1/namespaces/default/deployments", deployment("web", 40, INSTANT))
    client.wait_for_rollout("web")
    samples = Samples()
    for number in range(3):
        node = f"worker-{number + 1}"
        fault = {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": f"crash-{number}"}}
        begun = time.perf_counter()
        client.create(FAULTS, {**fault, "spec": {"type": "NodeCrash", "target": {"node": node}}})
        client.wait("all replacements run", lambda node=node: len(elsewhere(client, node)) == 40, 120)  # type: ignore[misc]
        samples.found.append(time.perf_counter() - begun - CONFIGURED)
        client.delete(f"{FAULTS}/crash-{number}")
        client.wait("the node is back", lambda: len(client.items(PODS)) == 40, 120)
        time.sleep(5)
    print(f"node crash to all replacements Running, beyond {CONFIGURED:.0f} s of waits: {samples.told()}", flush=True)


def elsewhere(client: Client, node: str) -> list[str]:
    pods = client.items(PODS)
    return [pod["metadata"]["name"] for pod in pods if ready(pod) and dig(pod, "spec.nodeName") != node]
