"""Containers that end, and pods that are deleted."""

from __future__ import annotations

from itertools import pairwise

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, fault, pod
from tests.workloads.kubelet.reading import condition, container, messages, node_of, sandbox, times


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def sleeper(name: str, grace: int = 5, **more: Body) -> Body:
    spec = {"terminationGracePeriodSeconds": grace}
    return pod(name, "busybox:1.37", command=["sh", "-c", "while true; do sleep 1; done"], spec=spec, **more)


def test_a_server_that_handles_sigterm_ends_at_once(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()

    sim.delete("pods", "web").run(1)

    assert sim.find("pods", "web") is None
    assert messages(sim, "Killing", "web") == ["Stopping container web"]


def test_a_shell_that_ignores_sigterm_takes_its_whole_grace(sim: Sim) -> None:
    sim.apply(sleeper("sh")).settle()
    began = sim.now

    sim.delete("pods", "sh").run(4.9)
    is_there = sim.find("pods", "sh") is not None
    sim.run(1)

    gone = sim.log.last("pods", "DELETED")
    assert is_there
    assert gone.at - began == 5 * SECOND
    assert gone.change.new["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 137


def test_a_second_shorter_deletion_hurries(sim: Sim) -> None:
    sim.apply(sleeper("sh", grace=60)).settle()
    began = sim.now
    sim.delete("pods", "sh").run(2)

    sim.delete("pods", "sh", grace=4).run(5)

    assert sim.log.last("pods", "DELETED").at - began == 4 * SECOND


def test_a_pre_stop_hook_runs_before_sigterm(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", lifecycle={"preStop": {"sleep": {"seconds": 3}}})).settle()
    began = sim.now

    sim.delete("pods", "web").run(10)

    assert sim.log.last("pods", "DELETED").at - began == 3 * SECOND


def test_a_hook_that_takes_the_whole_grace_leaves_two_seconds(sim: Sim) -> None:
    hook = {"preStop": {"exec": {"command": ["sleep", "100"]}}}
    sim.apply(sleeper("sh", grace=3, lifecycle=hook)).settle()
    began = sim.now

    sim.delete("pods", "sh").run(10)

    assert sim.log.last("pods", "DELETED").at - began == 5 * SECOND


def test_a_forced_deletion_takes_the_pod_at_once_and_its_processes_later(sim: Sim) -> None:
    sim.apply(sleeper("sh")).settle()
    node = node_of(sim, "sh")

    sim.delete("pods", "sh", grace=0).run(1)
    left = [box["running"] for box in sim.list("sandboxes", node)]
    sim.run(6)

    assert sim.find("pods", "sh") is None
    assert left == [["sh"]]
    assert sim.list("sandboxes", node) == []


def test_a_pod_deleted_on_a_dead_node_stays_until_the_node_is_back(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", spec={"tolerations": [{"operator": "Exists"}]})).settle()
    node = node_of(sim, "web")
    sim.crash(node).run(2)

    sim.delete("pods", "web").run(60)
    word = sim.word(sim.get("pods", "web"))
    sim.delete("faults", f"crash-{node}").run(10)

    assert word == "Terminating"
    assert sim.find("pods", "web") is None
    assert sim.list("sandboxes", node) == []


def test_a_container_that_ends_is_started_again_with_growing_waits(sim: Sim) -> None:
    sim.apply(pod("bad", "busybox:1.37", command=["sh", "-c", "sleep 1; exit 3"]))

    sim.run(3.8)
    state = container(sim, "bad")

    assert sim.word(sim.get("pods", "bad")) == "CrashLoopBackOff"
    uid = sim.get("pods", "bad")["metadata"]["uid"]
    assert state["state"]["waiting"]["message"] == (
        f"back-off 2s restarting failed container=bad pod=bad_default({uid})"
    )
    assert state["lastState"]["terminated"]["exitCode"] == 3
    assert messages(sim, "BackOff", "bad") == [f"Back-off restarting failed container bad in pod bad_default({uid})"]


def test_restarts_are_as_far_apart_as_kubernetes_has_them() -> None:
    sim = Sim(nodes=1, timings="kubernetes")
    sim.apply(pod("bad", "busybox:1.37", command=["sh", "-c", "exit 1"]))

    sim.run(400)

    starts = times(sim, "Started", "bad")
    assert [round((b - a) / SECOND) for a, b in pairwise(starts)] == [0, 10, 20, 40, 80, 160]


@pytest.mark.parametrize(
    ("policy", "code", "phase"),
    [("Never", 0, "Succeeded"), ("Never", 2, "Failed"), ("OnFailure", 0, "Succeeded"), ("OnFailure", 2, "Running")],
)
def test_a_restart_policy_decides_the_phase(sim: Sim, policy: str, code: int, phase: str) -> None:
    command = ["sh", "-c", f"sleep 1; exit {code}"]
    sim.apply(pod("job", "busybox:1.37", command=command, spec={"restartPolicy": policy})).run(4)

    assert sim.get("pods", "job")["status"]["phase"] == phase


def test_a_completed_pod_is_not_ready_and_gives_back_what_it_held(sim: Sim) -> None:
    command = ["sh", "-c", "sleep 1"]
    sim.apply(pod("job", "busybox:1.37", command=command, spec={"restartPolicy": "Never", "nodeName": "worker-1"}))
    sim.settle()
    address = sim.get("pods", "job")["status"]["podIP"]

    sim.apply(pod("next", "podium.dev/instant:1", spec={"nodeName": "worker-1"})).settle()

    assert condition(sim, "job", "Ready")["reason"] == "PodCompleted"
    assert condition(sim, "job", "PodReadyToStartContainers")["status"] == "False"
    assert sim.get("pods", "next")["status"]["podIP"] != address  # which rests until all others had their turn


def test_a_crash_fires_once_and_says_what_it_hit(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()

    sim.apply(fault("ContainerCrash", "crash", pod="web", namespace="default", container="web")).settle()

    assert container(sim, "web")["restartCount"] == 1
    assert container(sim, "web")["lastState"]["terminated"]["reason"] == "Error"
    hit = [{"pod": "web", "namespace": "default", "container": "web"}]
    status = sim.get("faults", "crash")["status"]
    assert (status["phase"], status["hit"]) == ("Done", hit)


def test_restarts_lose_files_but_not_an_empty_dir(sim: Sim) -> None:
    mounts = [{"name": "box", "mountPath": "/box"}]
    script = "cat /tmp/x; cat /box/x; echo own > /tmp/x; echo shared > /box/x; sleep 3600"
    spec = {"volumes": [{"name": "box", "emptyDir": {}}]}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", script], volumeMounts=mounts, spec=spec)).settle()

    sim.apply(fault("ContainerCrash", "crash", pod="web", namespace="default")).settle()

    log = sim.logs(sim.get("pods", "web"))
    assert "shared\n" in log
    assert "own\n" not in log
    assert sandbox(sim, "web")["containers"]["web"]["restarts"] == 1


def test_a_pod_past_its_deadline_fails_and_stays(sim: Sim) -> None:
    body = sleeper("job", grace=2)
    sim.apply({**body, "spec": {**body["spec"], "activeDeadlineSeconds": 5}}).run(10)

    status = sim.get("pods", "job")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert status["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 137
    assert sim.run(60).get("pods", "job")["status"] == status


def test_what_a_container_writes_to_its_termination_log_is_its_message(sim: Sim) -> None:
    command = ["sh", "-c", "echo 'Sleep expired' > /dev/termination-log; exit 1"]
    sim.apply(pod("job", "busybox:1.37", command=command, spec={"restartPolicy": "Never"})).settle()

    assert container(sim, "job")["state"]["terminated"]["message"] == "Sleep expired\n"


def test_the_log_can_be_the_message_of_a_failure(sim: Sim) -> None:
    command = ["sh", "-c", "echo broken; exit 1"]
    more = {"terminationMessagePolicy": "FallbackToLogsOnError"}
    sim.apply(pod("job", "busybox:1.37", command=command, spec={"restartPolicy": "Never"}, **more)).settle()

    assert container(sim, "job")["state"]["terminated"]["message"] == "broken\n"


def test_a_container_whose_image_is_changed_is_restarted_with_it(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).settle()
    spec = sim.get("pods", "web")["spec"]["containers"][0]

    sim.patch("pods", "web", "spec.containers", [{**spec, "image": "nginx:1.28"}]).settle()

    assert messages(sim, "Killing", "web") == ["Container web definition changed, will be restarted"]
    assert container(sim, "web")["image"] == "docker.io/library/nginx:1.28"
    assert container(sim, "web")["restartCount"] == 1


def test_pods_that_have_a_name_of_their_own_do_not_leave_in_step(sim: Sim) -> None:
    for number in range(6):
        sim.apply(pod(f"web-{number}", "nginx:1.27", spec={"hostname": f"web-{number}"}))
    sim.settle()
    began = sim.now

    for number in range(6):
        sim.delete("pods", f"web-{number}")
    sim.run(2)

    gone = [entry.at - began for entry in sim.log.all("pods", "DELETED")]
    assert len(set(gone)) == 6
    assert max(gone) <= 1.5 * SECOND
