"""postStart and preStop (Kubernetes: Container Lifecycle Hooks)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, messages

HEEDS_TERM = ["sh", "-c", "trap 'echo TERM; exit 0' TERM; while true; do sleep 1; done"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def hooked(grace: int = 10, **hooks: Body) -> Body:
    spec = {"terminationGracePeriodSeconds": grace}
    return pod("web", "busybox:1.37", command=HEEDS_TERM, lifecycle=hooks, spec=spec)


def run(*words: str) -> Body:
    return {"exec": {"command": list(words)}}


def test_a_pre_stop_hook_has_ended_before_the_process_gets_sigterm(sim: Sim) -> None:
    sim.apply(hooked(preStop=run("sh", "-c", "sleep 3; echo hook > /proc/1/fd/1"))).settle()
    body, began = sim.get("pods", "web"), sim.now

    sim.delete("pods", "web").run(8)

    assert sim.logs(body) == "hook\nTERM\n"
    assert 3 * SECOND <= sim.log.last("pods", "DELETED").at - began < 6 * SECOND


def test_a_pre_stop_hook_that_fails_is_told_and_changes_nothing_else(sim: Sim) -> None:
    sim.apply(hooked(preStop=run("false"))).settle()
    body = sim.get("pods", "web")

    sim.delete("pods", "web").run(5)

    assert messages(sim, "FailedPreStopHook", "web") == ["PreStopHook failed"]
    assert sim.logs(body) == "TERM\n"


def test_a_hook_may_ask_the_container_itself(sim: Sim) -> None:
    hook = {"httpGet": {"path": "/nosuch", "port": 80, "httpHeaders": [{"name": "X-Hook", "value": "1"}]}}
    sim.apply(pod("web", "nginx:1.27", lifecycle={"preStop": hook})).settle()

    sim.delete("pods", "web").run(5)

    assert messages(sim, "FailedPreStopHook", "web") == []


def test_a_hook_that_nobody_answers_has_failed(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", lifecycle={"preStop": {"httpGet": {"path": "/", "port": 81}}})).settle()

    sim.delete("pods", "web").run(5)

    assert messages(sim, "FailedPreStopHook", "web") == ["PreStopHook failed"]


def test_a_tcp_hook_fails_when_it_is_run(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", lifecycle={"preStop": {"tcpSocket": {"port": 80}}})).settle()

    sim.delete("pods", "web").run(5)

    assert messages(sim, "FailedPreStopHook", "web") == ["PreStopHook failed"]


def test_a_sleep_hook_sleeps(sim: Sim) -> None:
    sim.apply(hooked(preStop={"sleep": {"seconds": 4}})).settle()
    began = sim.now

    sim.delete("pods", "web").run(8)

    assert 4 * SECOND <= sim.log.last("pods", "DELETED").at - began < 6 * SECOND


def test_a_post_start_hook_that_fails_kills_its_container(sim: Sim) -> None:
    sim.apply(hooked(postStart=run("false"))).run(4)

    assert messages(sim, "FailedPostStartHook", "web") == ["PostStartHook failed"]
    assert "FailedPostStartHook" in messages(sim, "Killing", "web")
    assert container(sim, "web")["restartCount"] >= 1


def test_a_container_has_two_seconds_however_short_its_grace() -> None:
    sim = Sim(nodes=1)
    command = ["sh", "-c", "while true; do sleep 1; done"]
    sim.apply(pod("web", "busybox:1.37", command=command, spec={"terminationGracePeriodSeconds": 1})).settle()
    began = sim.now

    sim.delete("pods", "web").run(8)

    assert sim.log.last("pods", "DELETED").at - began == 2 * SECOND
