"""The control plane's parts are pods: what they do ends when they die (DESIGN: components are things you can break)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig
from tests.sim import Sim, deployment, fault, pod


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def node(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}


def test_without_its_node_no_pod_is_scheduled_and_nothing_heals(sim: Sim) -> None:
    sim.apply(deployment("web", 2)).settle()
    sim.crash("control-plane").run(1)
    lost = sim.running("web")[0]

    sim.apply(pod("late")).delete("pods", lost["metadata"]["name"]).run(60)

    assert sim.word(sim.get("pods", "late")) == "Pending"
    assert len(sim.running("web")) == 1
    assert not [n for n in sim.list("nodes") if sim.world.kinds["nodes"].word(n) != "Ready"]


def test_with_its_node_back_everything_is_made_good(sim: Sim) -> None:
    sim.apply(deployment("web", 2)).settle()
    sim.crash("control-plane").apply(pod("late")).run(20)

    sim.delete("faults", "crash-control-plane").run(20)

    assert sim.word(sim.get("pods", "late")) == "Running"
    assert len(sim.running("web")) == 2


def test_a_crashed_scheduler_is_restarted_by_its_kubelet_and_then_schedules(sim: Sim) -> None:
    target = {"pod": "kube-scheduler-control-plane", "namespace": "kube-system", "container": "kube-scheduler"}
    sim.apply(fault("ContainerCrash", "crash", **target), pod("late")).run(30)

    scheduler = sim.get("pods", "kube-scheduler-control-plane", "kube-system")
    assert dig(scheduler, "status.containerStatuses.0.restartCount") == 1
    assert dig(sim.get("faults", "crash"), "status.phase") == "Done"
    assert sim.word(sim.get("pods", "late")) == "Running"


def test_a_node_made_through_the_api_is_a_machine_that_joins(sim: Sim) -> None:
    sim.apply(node("worker-9")).settle()

    assert sim.world.kinds["nodes"].word(sim.get("nodes", "worker-9")) == "Ready"
    assert sim.find("machines", "worker-9") is not None


def test_a_deleted_node_takes_its_machine_along_and_its_pods_move(sim: Sim) -> None:
    sim.apply(deployment("web", 4)).settle()

    sim.delete("nodes", "worker-1").run(40)

    assert sim.find("machines", "worker-1") is None
    assert {dig(one, "spec.nodeName") for one in sim.running("web")} == {"worker-2"}
    assert len(sim.running("web")) == 4


def test_a_shell_as_pid_1_ignores_sigterm_and_takes_its_whole_grace(sim: Sim) -> None:
    spec = {"terminationGracePeriodSeconds": 9}
    sim.apply(
        pod("stubborn", image="busybox", spec=spec, command=["sh", "-c", "while true; do sleep 1; done"])
    ).settle()

    sim.delete("pods", "stubborn").run(8.5)
    assert sim.word(sim.get("pods", "stubborn")) == "Terminating"

    sim.run(1.5)
    assert sim.find("pods", "stubborn") is None
