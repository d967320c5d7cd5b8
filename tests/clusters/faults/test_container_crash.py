"""ContainerCrash: what Kubernetes promises when a container's process dies."""

from __future__ import annotations

from clusters.kinds.body import dig
from tests.sim import Sim, fault, pod

PAUSE = "registry.k8s.io/pause:3.10"


def crash(name: str, target: str) -> dict[str, object]:
    return fault("ContainerCrash", name, pod=target, namespace="default", container=target)


def test_the_container_is_restarted_in_the_same_pod() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()
    uid = sim.get("pods", "web")["metadata"]["uid"]

    sim.apply(crash("bang", "web")).settle(quiet=10)

    again = sim.get("pods", "web")
    assert again["metadata"]["uid"] == uid
    assert sim.word(again) == "Running"
    assert dig(again, "status.containerStatuses.0.lastState.terminated.reason") == "Error"


def test_a_pod_that_shall_never_restart_fails() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE, spec={"restartPolicy": "Never"})).settle()

    sim.apply(crash("bang", "web")).settle(quiet=10)

    assert dig(sim.get("pods", "web"), "status.phase") == "Failed"


def test_crashes_in_a_row_are_waited_for_longer_each_time() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()

    for number in range(3):
        sim.apply(crash(f"bang-{number}", "web")).run(1)
        if number:
            assert sim.word(sim.get("pods", "web")) == "CrashLoopBackOff"
        sim.run(15)

    assert dig(sim.get("pods", "web"), "status.containerStatuses.0.restartCount") == 3
