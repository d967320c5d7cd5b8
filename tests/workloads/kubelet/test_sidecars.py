"""Init containers and native sidecars (Kubernetes: Init Containers, Sidecar Containers)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, fault, pod
from tests.workloads.kubelet.reading import condition, container, messages, sandbox, times
from workloads.kinds import podstate

IGNORES_TERM = ["sh", "-c", "while true; do sleep 1; done"]
HEEDS_TERM = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def init(name: str, script: str, **more: Any) -> Body:
    return {"name": name, "image": "busybox:1.37", "command": ["sh", "-c", script], **more}


def sidecar(name: str, command: list[str] | None = None, **more: Any) -> Body:
    return {"name": name, "image": "busybox:1.37", "command": command or HEEDS_TERM, "restartPolicy": "Always", **more}


def with_inits(*inits: Body, command: list[str] | None = None, grace: int = 5, **more: Any) -> Body:
    spec = {"initContainers": list(inits), "terminationGracePeriodSeconds": grace, **more}
    return pod("web", "busybox:1.37", command=command or HEEDS_TERM, spec=spec)


def started(sim: Sim, name: str) -> str:
    status = sim.get("pods", "web")["status"]
    every = [*status.get("initContainerStatuses", ()), *status["containerStatuses"]]
    one = next(one for one in every if one["name"] == name)
    state = one["state"].get("running") or one["state"].get("terminated") or {}
    return str(state.get("startedAt", ""))


def test_init_containers_run_one_after_the_other_before_the_others(sim: Sim) -> None:
    sim.apply(with_inits(init("one", "sleep 2"), init("two", "sleep 2"))).run(1)

    words = []
    for _ in range(9):
        words.append(sim.word(sim.get("pods", "web")))
        sim.run(1)

    seen = [word for word in dict.fromkeys(words) if word != "PodInitializing"]
    assert seen == ["Init:0/2", "Init:1/2", "Running"]
    assert started(sim, "one") < started(sim, "two") < started(sim, "web")


def test_an_init_container_that_fails_is_tried_again_and_holds_the_pod_back(sim: Sim) -> None:
    sim.apply(with_inits(init("one", "exit 1"))).run(2)

    assert sim.word(sim.get("pods", "web")) == "Init:CrashLoopBackOff"
    assert sim.get("pods", "web")["status"]["phase"] == "Pending"
    told = condition(sim, "web", "Initialized")
    assert (told["status"], told["reason"]) == ("False", "ContainersNotInitialized")
    assert told["message"] == "containers with incomplete status: [one]"


def test_an_init_container_that_fails_for_good_fails_the_pod(sim: Sim) -> None:
    sim.apply(with_inits(init("one", "exit 1"), restartPolicy="Never")).settle()

    assert sim.get("pods", "web")["status"]["phase"] == "Failed"
    assert sim.word(sim.get("pods", "web")) == "Init:Error"


def test_a_sidecar_starts_before_the_others_and_goes_on(sim: Sim) -> None:
    sim.apply(with_inits(sidecar("logger"), init("setup", "sleep 1"))).settle()

    status = sim.get("pods", "web")["status"]
    logger, setup = status["initContainerStatuses"]
    assert (logger["started"], logger["ready"]) == (True, True)
    assert "running" in logger["state"]
    assert setup["state"]["terminated"]["reason"] == "Completed"
    assert podstate.ready(sim.get("pods", "web"), 0) == "2/2"


def test_a_sidecars_startup_probe_holds_back_what_comes_after_it(sim: Sim) -> None:
    script = "trap 'exit 0' TERM; sleep 6; touch /tmp/up; while true; do sleep 1; done"
    probe = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 30}
    sim.apply(with_inits(sidecar("slow", ["sh", "-c", script], startupProbe=probe))).run(5)
    early = container(sim, "web")["state"]
    sim.run(6)

    assert early == {"waiting": {"reason": "PodInitializing"}}
    assert "running" in container(sim, "web")["state"]


def test_a_sidecars_readiness_counts_for_the_pod(sim: Sim) -> None:
    probe = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 1}
    sim.apply(with_inits(sidecar("side", readinessProbe=probe))).settle()

    told = condition(sim, "web", "ContainersReady")
    assert (told["status"], told["message"]) == ("False", "containers with unready status: [side]")


def test_a_sidecar_that_ends_is_started_again_whatever_the_pods_policy(sim: Sim) -> None:
    spec = with_inits(sidecar("side", ["sh", "-c", "sleep 2"]), restartPolicy="Never")
    sim.apply(spec).run(6)

    status = sim.get("pods", "web")["status"]["initContainerStatuses"][0]
    assert status["restartCount"] >= 1
    assert sim.get("pods", "web")["status"]["phase"] == "Running"


def test_a_failing_liveness_probe_restarts_a_sidecar(sim: Sim) -> None:
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1, "failureThreshold": 1}
    sim.apply(with_inits(sidecar("side", livenessProbe=probe))).run(8)

    assert "Container side failed liveness probe, will be restarted" in messages(sim, "Killing", "web")
    assert container(sim, "web")["restartCount"] == 0


def test_sidecars_end_after_the_main_containers_in_reverse_order(sim: Sim) -> None:
    say = "trap 'echo {} ends; exit 0' TERM; while true; do sleep 1; done"
    first, second = (sidecar(name, ["sh", "-c", say.format(name)]) for name in ("first", "second"))
    sim.apply(with_inits(first, second, command=["sh", "-c", say.format("main")])).settle()
    uid = sim.get("pods", "web")["metadata"]["uid"]

    sim.delete("pods", "web").run(6)

    said = [text for o in sim.outputs if o.owner == uid for _, _, text in o.lines]
    assert said == ["main ends\n", "second ends\n", "first ends\n"]
    assert sorted(messages(sim, "Killing", "web")) == [f"Stopping container {n}" for n in ("first", "second", "web")]


def test_a_sidecars_pre_stop_hook_does_not_wait_for_its_turn(sim: Sim) -> None:
    hook = {"preStop": {"exec": {"command": ["sh", "-c", "echo closing > /box/hook"]}}}
    mounts = [{"name": "box", "mountPath": "/box"}]
    side = sidecar("side", lifecycle=hook, volumeMounts=mounts)
    body = with_inits(side, command=IGNORES_TERM, grace=6)
    body["spec"]["volumes"] = [{"name": "box", "emptyDir": {}}]
    sim.apply(body).settle()

    sim.delete("pods", "web").run(2)

    assert sandbox(sim, "web")["disks"]["box"] == {"hook": "closing\n"}
    assert sandbox(sim, "web")["running"] == ["side", "web"]


def test_a_sidecar_whose_turn_comes_after_the_grace_has_two_seconds(sim: Sim) -> None:
    sim.apply(with_inits(sidecar("side", IGNORES_TERM), command=IGNORES_TERM, grace=4)).settle()
    began = sim.now

    sim.delete("pods", "web").run(12)

    assert sim.log.last("pods", "DELETED").at - began == (4 + 2) * SECOND


def test_a_pod_with_sidecars_completes_when_its_main_containers_do(sim: Sim) -> None:
    body = with_inits(sidecar("side"), command=["sh", "-c", "sleep 3"], restartPolicy="OnFailure")
    sim.apply(body).settle(5)

    assert sim.get("pods", "web")["status"]["phase"] == "Succeeded"


def test_a_crashed_sidecar_leaves_the_main_container_alone(sim: Sim) -> None:
    sim.apply(with_inits(sidecar("side"))).settle()

    sim.apply(fault("ContainerCrash", "crash", pod="web", namespace="default", container="side")).settle()

    assert sim.get("pods", "web")["status"]["initContainerStatuses"][0]["restartCount"] == 1
    assert container(sim, "web")["restartCount"] == 0


def test_init_containers_run_again_after_a_reboot_and_restarts_are_counted(sim: Sim) -> None:
    body = with_inits(init("setup", "sleep 1"), sidecar("side"))
    body["spec"]["nodeName"] = "worker-1"
    body["spec"]["tolerations"] = [{"operator": "Exists"}]
    sim.apply(body).settle()

    sim.crash("worker-1").run(2).delete("faults", "crash-worker-1").run(15)

    status = sim.get("pods", "web")["status"]
    assert [one["restartCount"] for one in status["initContainerStatuses"]] == [1, 1]
    assert status["containerStatuses"][0]["restartCount"] == 1
    assert times(sim, "SandboxChanged", "web") != []
