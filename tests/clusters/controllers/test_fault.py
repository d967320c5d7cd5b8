"""Faults: what is broken on purpose, and how it ends."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig, put
from clusters.kinds.fault import duration
from clusters.reconcile.clock import MINUTE, SECOND
from tests.sim import Sim, deployment, fault, pod

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def status(sim: Sim, name: str) -> Body:
    found: Body = sim.get("faults", name)["status"]
    return found


def crash(name: str, **target: str) -> Body:
    return fault("ContainerCrash", name, **{"namespace": "default", **target})


def test_a_state_is_active_until_it_is_deleted(sim: Sim) -> None:
    sim.crash("worker-1").run(1000)

    assert status(sim, "crash-worker-1")["phase"] == "Active"
    assert dig(sim.get("machines", "worker-1"), "power") == "off"


def test_a_crashed_container_is_restarted_and_the_fault_is_done(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE)).settle()

    sim.apply(crash("bang", pod="web", container="web")).settle(quiet=10)

    assert status(sim, "bang")["phase"] == "Done"
    assert [one["container"] for one in status(sim, "bang")["hit"]] == ["web"]
    assert dig(sim.get("pods", "web"), "status.containerStatuses.0.restartCount") == 1


def test_a_crash_hits_once(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE)).settle()

    sim.apply(crash("bang", pod="web", container="web")).run(120)

    assert dig(sim.get("pods", "web"), "status.containerStatuses.0.restartCount") == 1


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"pod": "nobody"}, 'pods "nobody" not found in namespace "default".'),
        ({"pod": "web", "container": "nobody"}, 'container "nobody" is not in pod "web".'),
        ({"pod": "waiting"}, 'pod "waiting" is on no node.'),
    ],
)
def test_a_crash_that_finds_nobody_is_done_and_says_so(sim: Sim, target: dict[str, str], message: str) -> None:
    sim.apply(pod("web", PAUSE), pod("waiting", PAUSE, resources={"requests": {"cpu": "99"}})).settle()

    sim.apply(crash("bang", **target)).settle()

    assert status(sim, "bang")["phase"] == "Done"
    assert status(sim, "bang")["hit"] == []
    assert status(sim, "bang")["message"] == message


def test_a_fault_of_a_pod_that_has_ended_says_that_it_has(sim: Sim) -> None:
    sim.apply(pod("done", "busybox:1.37", command=["true"], spec={"restartPolicy": "Never"})).settle(quiet=10)

    sim.apply(fault("MemoryLeak", "leak", namespace="default", pod="done")).settle()

    assert status(sim, "leak")["message"].startswith('pod "done" has ended or is being deleted')


def test_a_crash_on_a_dead_machine_is_done(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec={"nodeName": "worker-1"})).settle()
    sim.crash("worker-1").run(1)

    sim.apply(crash("bang", pod="web")).run(1)

    assert status(sim, "bang")["message"] == "worker-1 is not running."


def test_a_fault_with_a_duration_ends_by_itself(sim: Sim) -> None:
    wanted = put(fault("NodeCrash", "short", node="worker-1"), "spec.duration", "20s")

    sim.apply(wanted).run(19)
    assert status(sim, "short")["phase"] == "Active"
    sim.run(10)

    assert status(sim, "short")["phase"] == "Done"
    assert dig(sim.get("machines", "worker-1"), "power") == "on"


def test_what_is_over_is_swept_after_an_hour(sim: Sim) -> None:
    sim.apply(crash("bang", pod="nobody")).run(3500)
    assert sim.find("faults", "bang") is not None

    sim.run(200)

    assert sim.find("faults", "bang") is None


def test_faults_are_looked_after_without_a_control_plane(sim: Sim) -> None:
    sim.crash("control-plane").run(1)

    sim.apply(crash("bang", pod="nobody")).run(1)

    assert status(sim, "bang")["phase"] == "Done"


def test_a_healed_control_plane_heals_the_rest(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).settle()
    sim.crash("control-plane").run(1)
    sim.delete("pods", sim.pods("web")[0]).run(35)
    assert len(sim.running("web")) == 1

    sim.delete("faults", "crash-control-plane").run(15)

    assert len(sim.running("web")) == 2


def test_durations_are_written_as_in_go() -> None:
    assert duration("90s") == 90 * SECOND
    assert duration("1m30s") == MINUTE + 30 * SECOND
    assert duration("1.5m") == 90 * SECOND
    assert duration(None) is None
