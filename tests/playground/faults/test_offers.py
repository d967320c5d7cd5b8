"""A dialog offers whom its fault can hit as things stand."""

from __future__ import annotations

from clusters.faults import FAULTS
from playground.faults.offers import deployments_for, nodes_for, pods_for
from tests.sim import Sim, deployment, fault, pod

PAUSE = "registry.k8s.io/pause:3.10"
READY = {"tcpSocket": {"port": 80}}


def offered(sim: Sim, type_: str) -> list[str]:
    return [one["metadata"]["name"] for one in pods_for(FAULTS[type_], sim.list)]


def test_a_pod_that_waits_or_has_ended_is_not_offered_for_what_fires_once() -> None:
    sim = Sim(nodes=1).apply(pod("runs", PAUSE), pod("waits", PAUSE, resources={"requests": {"cpu": "99"}})).settle()

    assert offered(sim, "ContainerCrash") == ["runs"]
    assert offered(sim, "SlowStart") == ["runs", "waits"]


def test_a_probe_is_failed_where_there_is_one() -> None:
    sim = Sim(nodes=1).apply(pod("plain", PAUSE), pod("probed", PAUSE, livenessProbe=READY)).settle()

    assert offered(sim, "ProbeFailure") == ["probed"]


def test_a_machine_without_power_is_not_offered_again() -> None:
    sim = Sim(nodes=2).apply(fault("NodeCrash", "off", node="worker-1")).run(1)

    names = [one["metadata"]["name"] for one in nodes_for(FAULTS["NodeCrash"], sim.list)]

    assert "worker-1" not in names
    assert "worker-2" in names


def test_a_deployment_that_is_scaled_to_nothing_rolls_nothing() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1, image=PAUSE), deployment("off", 0, image=PAUSE)).settle()

    assert [key.name for key in deployments_for(sim.list)] == ["web"]
