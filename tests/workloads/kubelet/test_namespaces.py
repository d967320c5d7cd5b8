"""Containers that see each other's processes (Kubernetes: Share Process Namespace between Containers in a Pod)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, put
from clusters.reconcile.writes import Update
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def pair(script: str, **spec: Body | bool) -> Body:
    body = pod("web", "nginx:1.27", spec=spec)
    shell = {"name": "shell", "image": "busybox:1.37", "command": ["sh", "-c", f"sleep 3; {script}; sleep 3600"]}
    body["spec"]["containers"].append(shell)
    return body


def test_containers_of_a_pod_see_each_others_processes_where_it_says_so(sim: Sim) -> None:
    sim.apply(pair("ps", shareProcessNamespace=True)).settle(6)

    assert "nginx" in sim.logs(sim.get("pods", "web"), "shell")


def test_containers_of_a_pod_do_not_see_each_others_processes_otherwise(sim: Sim) -> None:
    sim.apply(pair("ps")).settle(6)

    assert "nginx" not in sim.logs(sim.get("pods", "web"), "shell")


def test_a_signal_reaches_the_process_of_another_container(sim: Sim) -> None:
    sim.apply(pair("kill -TERM $(pidof nginx)", shareProcessNamespace=True)).settle(6)

    assert container(sim, "web")["restartCount"] == 1
    assert container(sim, "web", 1)["restartCount"] == 0


def test_an_ephemeral_container_sees_the_processes_of_its_target(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()
    debugger = {"name": "debugger", "image": "busybox:1.37", "command": ["ps"], "targetContainerName": "web"}

    body = put(sim.get("pods", "web"), "spec.ephemeralContainers", [debugger])
    sim.write(Update("pods", body, subresource="ephemeralcontainers")).settle()

    assert "nginx" in sim.logs(sim.get("pods", "web"), "debugger")
