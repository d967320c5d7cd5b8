"""The network as a container's processes have it."""

from __future__ import annotations

from copy import deepcopy

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod, service


@pytest.fixture(scope="module")
def born() -> Sim:
    return Sim(nodes=2, addons=True)


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def pair(script: str, image: str = "nginx") -> Body:
    """A server and, beside it, a client that runs a script."""
    made = pod("pair", image)
    client = {"name": "client", "image": "busybox", "command": ["sh", "-c", f"sleep 3; {script}; echo; sleep 1000"]}
    made["spec"]["containers"].append(client)
    return made


def test_containers_of_a_pod_share_localhost(sim: Sim) -> None:
    sim.apply(pair("wget -qO- http://localhost")).settle().run(5)

    assert "Welcome to nginx!" in sim.logs(sim.get("pods", "pair"), "client")


def test_what_a_neighbour_was_asked_stands_in_its_log_once(sim: Sim) -> None:
    sim.apply(pair("wget -qO- http://127.0.0.1/asked"), service("pair")).settle().run(5)

    assert sim.logs(sim.get("pods", "pair"), "pair").count("GET /asked") == 1


def test_by_its_own_service_a_pod_reaches_itself_and_the_server_remembers(sim: Sim) -> None:
    sim.apply(pair("wget -qO- http://pair/round; wget -qO- http://pair/again"), service("pair")).settle().run(5)

    log = sim.logs(sim.get("pods", "pair"), "pair")
    assert (log.count("GET /round"), log.count("GET /again")) == (1, 1)


def test_a_probe_by_a_command_goes_by_the_network(sim: Sim) -> None:
    probe = {"exec": {"command": ["wget", "-qO-", "-T", "1", "http://target"]}, "periodSeconds": 1}
    sim.apply(pod("asks", "busybox", command=["sleep", "1000"], readinessProbe=probe)).settle()
    before = sim.running("asks")

    sim.apply(pod("target"), service("target")).settle().run(8)

    assert before == []
    assert sim.running("asks")


def test_a_request_writes_what_it_changed_where_it_ended(sim: Sim) -> None:
    sim.apply(pod("server"), service("server")).settle()
    made = pod("client", "busybox", command=["sh", "-c", "sleep 3; wget -qO- http://server/told; sleep 1000"])

    sim.apply(made).settle().run(5)

    assert sim.logs(sim.get("pods", "server")).count("GET /told") == 1
