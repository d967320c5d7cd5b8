"""Processes die, Redis forgets, everything restarts: the cluster converges and its log keeps every promise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import httpx
import pytest

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND
from clusters.store.clock import STALL
from tests.chaos.history import history, missing_revisions, most_active_pods, restarts, started_twice
from tests.client import Client, deployment
from tests.podium import Podium

REPLICAS = 20
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
PODS = "api/v1/namespaces/default/pods"
CONFIGMAPS = "api/v1/namespaces/default/configmaps"
LEASES = "apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
CLUSTER = "chaos"
HURRY = 20  # times as fast as a clock on the wall
EVICTED = 40  # seconds after which a silent machine's pods would be gone, twice over
_numbers = count(1)


@pytest.fixture(scope="module")
def podium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podium]:
    with Podium(tmp_path_factory.mktemp("chaos") / "podium", PODIUM_WORKERS="2") as found:
        yield found


@pytest.fixture(scope="module")
def client(podium: Podium) -> Iterator[Client]:
    """One cluster for all, in which each test has a Deployment of its own."""
    made = podium.manage("cluster", "create", CLUSTER)
    assert made.returncode == 0, made.stderr
    with Client.of(podium, CLUSTER) as found:
        yield found


@pytest.fixture
def app(client: Client) -> Iterator[str]:
    name = f"web-{next(_numbers)}"
    yield name
    client.delete(f"{DEPLOYMENTS}/{name}")


def roll_out_while(client: Client, app: str, disturb: Callable[[], None]) -> list[str]:
    """Roll a Deployment to another image while something happens; the revisions that the API acknowledged."""
    acknowledged = [client.create(DEPLOYMENTS, deployment(app, REPLICAS))["metadata"]["resourceVersion"]]
    client.wait_for_rollout(app)
    image = {"spec": {"template": {"spec": {"containers": [{"name": app, "image": "nginx:1.28"}]}}}}
    acknowledged.append(client.patch(f"{DEPLOYMENTS}/{app}", image)["metadata"]["resourceVersion"])
    client.wait("the rollout is on its way", lambda: dig(client.get(f"{DEPLOYMENTS}/{app}"), "status.updatedReplicas"))
    disturb()
    for number in range(10):
        made = client.create(CONFIGMAPS, config(f"{app}-{number}"))
        acknowledged.append(made["metadata"]["resourceVersion"])
    client.wait_for_rollout(app)
    return acknowledged


def check_promises(podium: Podium, app: str, acknowledged: list[str]) -> None:
    lines = history(podium, CLUSTER)
    assert missing_revisions(lines) == []
    known = {str(line.revision) for line in lines}
    assert [revision for revision in acknowledged if revision not in known] == []
    assert REPLICAS <= most_active_pods(lines, app) <= REPLICAS + REPLICAS // 4
    assert restarts(lines, app) == 0
    assert started_twice(lines) == []


def test_killing_every_worker_in_the_middle_of_a_rollout_loses_nothing(
    podium: Podium, client: Client, app: str
) -> None:
    def kill_workers() -> None:
        for name in [name for name in podium.processes if name.startswith("worker")]:
            podium.kill_process(name)

    acknowledged = roll_out_while(client, app, kill_workers)

    check_promises(podium, app, acknowledged)


def test_an_empty_redis_in_the_middle_of_a_rollout_loses_nothing(podium: Podium, client: Client, app: str) -> None:
    acknowledged = roll_out_while(client, app, lambda: void(podium.kill_process("valkey")))

    check_promises(podium, app, acknowledged)


def test_a_killed_timekeeper_delays_nothing_for_long(podium: Podium, client: Client, app: str) -> None:
    acknowledged = roll_out_while(client, app, lambda: void(podium.kill_process("timekeeper")))

    check_promises(podium, app, acknowledged)


def test_restarting_everything_in_the_middle_of_a_rollout_loses_nothing(
    podium: Podium, client: Client, app: str
) -> None:
    acknowledged = roll_out_while(client, app, podium.restart)

    check_promises(podium, app, acknowledged)


def test_a_night_of_sleep_evicts_nobody(podium: Podium) -> None:
    """Stopped for longer than every grace period of the classroom's timings, and watched for as long."""
    made = podium.manage("cluster", "create", "night", "--speed", str(HURRY))
    assert made.returncode == 0, made.stderr
    with Client.of(podium, "night") as client:
        client.create(DEPLOYMENTS, deployment("web", 3))
        client.wait_for_rollout("web")
        before = {pod["metadata"]["uid"] for pod in client.items(PODS)}

        podium.stop()
        time.sleep(max(STALL / SECOND + 1, EVICTED / HURRY))  # the time that counts is that in which nobody drives
        podium.start()

        woken = last_heartbeat(client)
        client.wait("as much time passes", lambda: last_heartbeat(client) > woken + timedelta(seconds=EVICTED))
        assert {pod["metadata"]["uid"] for pod in client.items(PODS)} == before
    lines = history(podium, "night")
    assert not [line for line in lines if line.resource == "events" and line.body["reason"] == "NodeNotReady"]
    assert restarts(lines, "web") == 0


def last_heartbeat(client: Client) -> datetime:
    """In the cluster's own time; of the machine that has been silent for longest."""
    return min(datetime.fromisoformat(lease["spec"]["renewTime"]) for lease in client.items(LEASES))


def void(_: object) -> None: ...


def test_a_restarted_postgres_costs_a_client_no_more_than_a_retry(podium: Podium, client: Client, app: str) -> None:
    for _ in range(20):
        client.items("api/v1/nodes")

    podium.kill_process("postgres")
    client.wait("Postgres answers again", lambda: client.http.get("api/v1/nodes").status_code == 200)

    assert [patiently(lambda: client.http.get("api/v1/nodes")) for _ in range(30)] == [200] * 30
    made = [patiently(partial(client.http.post, CONFIGMAPS, json=config(f"after-{number}"))) for number in range(20)]
    assert made == [201] * 20
    client.create(DEPLOYMENTS, deployment(app, 3))
    client.wait_for_rollout(app)


def patiently(ask: Callable[[], httpx.Response]) -> int:
    """As client-go does: a refusal with Retry-After is asked again after so long."""
    answer = ask()
    for _ in range(5):
        if "Retry-After" not in answer.headers:
            break
        time.sleep(int(answer.headers["Retry-After"]))
        answer = ask()
    return answer.status_code


def config(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
