"""Processes die, Redis forgets, everything restarts: the cluster converges and its log keeps every promise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from clusters.kinds.body import Body
from tests.chaos.history import Line, history, missing_revisions, most_active_pods, restarts, started_twice
from tests.client import Client, deployment
from tests.podium import Podium

REPLICAS = 20
DEPLOYMENTS = "apis/apps/v1/namespaces/default/deployments"
PODS = "api/v1/namespaces/default/pods"


@pytest.fixture(scope="module")
def podium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podium]:
    with Podium(tmp_path_factory.mktemp("chaos") / "podium", PODIUM_WORKERS="2") as found:
        yield found


@pytest.fixture
def cluster(podium: Podium, request: pytest.FixtureRequest) -> str:
    name = str(request.node.name).replace("_", "-")[:40].strip("-")
    made = podium.manage("cluster", "create", name)
    assert made.returncode == 0, made.stderr
    return name


@pytest.fixture
def client(podium: Podium, cluster: str) -> Iterator[Client]:
    with Client.of(podium, cluster) as found:
        yield found


def roll_out_while(client: Client, disturb: Callable[[], None]) -> list[str]:
    """Roll a Deployment to another image while something happens; the revisions that the API acknowledged."""
    acknowledged = [client.create(DEPLOYMENTS, deployment("web", REPLICAS))["metadata"]["resourceVersion"]]
    client.wait_for_rollout("web")
    image = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:1.28"}]}}}}
    acknowledged.append(client.patch(f"{DEPLOYMENTS}/web", image)["metadata"]["resourceVersion"])
    time.sleep(0.3)
    disturb()
    for number in range(10):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"written-{number}"}}
        made = client.create("api/v1/namespaces/default/configmaps", body)
        acknowledged.append(made["metadata"]["resourceVersion"])
    client.wait_for_rollout("web", 90)
    return acknowledged


def check_promises(lines: list[Line], acknowledged: list[str]) -> None:
    assert missing_revisions(lines) == []
    known = {str(line.revision) for line in lines}
    assert [revision for revision in acknowledged if revision not in known] == []
    assert most_active_pods(lines, "web") <= REPLICAS + REPLICAS // 4
    assert restarts(lines, "web") == 0
    assert started_twice(lines) == []


def test_killing_every_worker_in_the_middle_of_a_rollout_loses_nothing(
    podium: Podium, client: Client, cluster: str
) -> None:
    def kill_workers() -> None:
        for name in [name for name in podium.processes if name.startswith("worker")]:
            podium.kill_process(name)

    acknowledged = roll_out_while(client, kill_workers)

    check_promises(history(podium, cluster), acknowledged)


def test_an_empty_redis_in_the_middle_of_a_rollout_loses_nothing(podium: Podium, client: Client, cluster: str) -> None:
    acknowledged = roll_out_while(client, lambda: void(podium.kill_process("valkey")))

    check_promises(history(podium, cluster), acknowledged)


def test_a_killed_timekeeper_delays_nothing_for_long(podium: Podium, client: Client, cluster: str) -> None:
    acknowledged = roll_out_while(client, lambda: void(podium.kill_process("timekeeper")))

    check_promises(history(podium, cluster), acknowledged)


def test_restarting_everything_in_the_middle_of_a_rollout_loses_nothing(
    podium: Podium, client: Client, cluster: str
) -> None:
    acknowledged = roll_out_while(client, podium.restart)

    check_promises(history(podium, cluster), acknowledged)


def test_a_night_of_sleep_evicts_nobody(tmp_path: Path) -> None:
    """Stopped for longer than every grace period of the classroom's timings."""
    with Podium(tmp_path / "podium") as podium:
        assert podium.manage("cluster", "create", "night").returncode == 0
        with Client.of(podium, "night") as client:
            client.create(DEPLOYMENTS, deployment("web", 3))
            client.wait_for_rollout("web")
            before = {pod["metadata"]["uid"] for pod in client.items(PODS)}

            podium.stop()
            time.sleep(25)
            podium.start()

        with Client.of(podium, "night") as client:
            time.sleep(8)
            assert {pod["metadata"]["uid"] for pod in client.items(PODS)} == before
        lines = history(podium, "night")
        assert not [line for line in lines if line.resource == "events" and line.body["reason"] == "NodeNotReady"]
        assert restarts(lines, "web") == 0


def void(_: object) -> None: ...


def test_a_restarted_postgres_costs_a_client_no_more_than_a_retry(podium: Podium, client: Client) -> None:
    for _ in range(20):
        client.items("api/v1/nodes")

    podium.kill_process("postgres")
    client.wait("Postgres answers again", lambda: client.http.get("api/v1/nodes").status_code == 200)

    assert [patiently(lambda: client.http.get("api/v1/nodes")) for _ in range(30)] == [200] * 30
    path = "api/v1/namespaces/default/configmaps"
    made = [patiently(partial(client.http.post, path, json=config(number))) for number in range(20)]
    assert made == [201] * 20
    client.create(DEPLOYMENTS, deployment("web", 3))
    client.wait_for_rollout("web")


def patiently(ask: Callable[[], httpx.Response]) -> int:
    """As client-go does: a refusal with Retry-After is asked again after so long."""
    answer = ask()
    for _ in range(5):
        if "Retry-After" not in answer.headers:
            break
        time.sleep(int(answer.headers["Retry-After"]))
        answer = ask()
    return answer.status_code


def config(number: int) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"after-{number}"}}
