"""The quota controller writes down what a Namespace uses."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, deployment, job, pod, service

PAUSE = "registry.k8s.io/pause:3.10"
ASKS = {"resources": {"requests": {"cpu": "250m", "memory": "64Mi"}}}


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def quota(**hard: str) -> Body:
    named = {name.replace("__", "/").replace("_", "."): amount for name, amount in hard.items()}
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": named}}


def used(sim: Sim) -> Any:
    return sim.get("resourcequotas", "team")["status"]["used"]


def test_it_counts_what_is_there_already(sim: Sim) -> None:
    sim.apply(pod("a", PAUSE, **ASKS), pod("b", PAUSE, **ASKS)).settle()

    sim.apply(quota(pods="5", requests_cpu="1", memory="1Gi", configmaps="9")).settle()

    assert used(sim) == {"pods": "2", "requests.cpu": "500m", "memory": "128Mi", "configmaps": "1"}
    assert sim.get("resourcequotas", "team")["status"]["hard"]["memory"] == "1Gi"


def test_it_follows_what_comes_and_goes(sim: Sim) -> None:
    sim.apply(quota(pods="5", services="2", count__deployments_apps="1")).settle()
    sim.apply(deployment("web", 3, image=PAUSE), service("web")).settle()
    assert used(sim) == {"pods": "3", "services": "2", "count/deployments.apps": "1"}

    sim.delete("deployments", "web").delete("services", "web").settle(quiet=35)

    assert used(sim) == {"pods": "0", "services": "1", "count/deployments.apps": "0"}


def test_a_pod_that_is_over_is_given_back(sim: Sim) -> None:
    sim.apply(quota(pods="1")).settle()
    sim.apply(job("work", "sleep 5")).run(3)
    assert used(sim) == {"pods": "1"}

    sim.settle(quiet=10)

    assert used(sim) == {"pods": "0"}


def test_a_pod_that_does_not_end_in_time_is_given_back(sim: Sim) -> None:
    sim.apply(quota(pods="1")).apply(pod("a", PAUSE)).settle()
    node = sim.get("pods", "a")["spec"]["nodeName"]
    sim.crash(node).delete("pods", "a", grace=10).run(5)
    assert used(sim) == {"pods": "1"}

    sim.run(10)

    assert sim.find("pods", "a") is not None
    assert used(sim) == {"pods": "0"}


def test_a_deployment_gets_as_many_pods_as_the_quota_has_room_for(sim: Sim) -> None:
    sim.apply(quota(pods="2")).apply(deployment("web", 3, image=PAUSE)).settle()
    assert len(sim.running("web")) == 2
    refused = sim.events("FailedCreate")[0]["message"]
    assert "exceeded quota: team, requested: pods=1, used: pods=2, limited: pods=2" in refused

    sim.patch("resourcequotas", "team", "spec.hard", {"pods": "3"}).settle(quiet=40)

    assert len(sim.running("web")) == 3


def test_nothing_is_written_when_nothing_changes(sim: Sim) -> None:
    sim.apply(quota(pods="5")).apply(pod("a", PAUSE)).settle()
    before = len(sim.log.all("resourcequotas"))

    sim.run(100)

    assert len(sim.log.all("resourcequotas")) == before


def test_one_quota_may_count_quotas(sim: Sim) -> None:
    sim.apply(quota(resourcequotas="1")).settle()

    assert used(sim) == {"resourcequotas": "1"}
