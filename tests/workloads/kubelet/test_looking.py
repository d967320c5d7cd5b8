"""Probes of real containers in a cluster."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import condition, container, messages, sandbox, times

HEALTHY = "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def exec_probe(*command: str, **more: int) -> Body:
    return {"exec": {"command": list(command)}, "initialDelaySeconds": 5, "periodSeconds": 5, **more}


def test_the_documentations_liveness_example_behaves_as_written(sim: Sim) -> None:
    probe = exec_probe("cat", "/tmp/healthy")
    body = pod("live", "busybox:1.37", args=["/bin/sh", "-c", HEALTHY], livenessProbe=probe)
    sim.apply(body)

    sim.run(35)
    fine = container(sim, "live")["restartCount"]
    sim.run(45)

    assert fine == 0
    assert container(sim, "live")["restartCount"] == 1
    assert "No such file or directory" in messages(sim, "Unhealthy", "live")[0]
    assert sim.events("Unhealthy", "live")[0]["count"] == 3
    assert messages(sim, "Killing", "live") == ["Container live failed liveness probe, will be restarted"]


def test_a_pod_is_not_ready_before_its_readiness_probe_succeeds(sim: Sim) -> None:
    script = "sleep 6; touch /tmp/ready; sleep 600"
    probe = {"exec": {"command": ["cat", "/tmp/ready"]}, "periodSeconds": 2}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", script], readinessProbe=probe))

    sim.run(5)
    before = condition(sim, "web", "Ready")
    sim.run(5)

    assert before["status"] == "False"
    assert before["message"] == "containers with unready status: [web]"
    assert condition(sim, "web", "Ready")["status"] == "True"
    assert container(sim, "web")["restartCount"] == 0


@pytest.mark.parametrize(
    ("image", "probe", "message"),
    [
        ("nginx:1.27", {"httpGet": {"path": "/", "port": 80}}, ""),
        ("nginx:1.27", {"httpGet": {"path": "/nosuch", "port": 80}}, "HTTP probe failed with statuscode: 404"),
        ("nginx:1.27", {"httpGet": {"path": "/", "port": "http"}}, ""),
        ("nginx:1.27", {"httpGet": {"path": "/", "port": 81}}, "connect: connection refused"),
        ("redis:7.4", {"tcpSocket": {"port": 6379}}, ""),
        ("redis:7.4", {"tcpSocket": {"port": 6380}}, "connect: connection refused"),
    ],
)
def test_network_probes_ask_the_process_that_listens(sim: Sim, image: str, probe: Body, message: str) -> None:
    ports = [{"name": "http", "containerPort": 80}]
    sim.apply(pod("web", image, ports=ports, readinessProbe=probe)).run(6)

    assert condition(sim, "web", "Ready")["status"] == ("False" if message else "True")
    assert [text.startswith("Readiness probe failed: ") for text in messages(sim, "Unhealthy", "web")] == [True] * bool(
        message
    )
    assert message in "".join(messages(sim, "Unhealthy", "web"))


def test_a_grpc_probe_asks_the_health_service(sim: Sim) -> None:
    body = pod("rpc", "registry.k8s.io/e2e-test-images/agnhost:2.53", args=["grpc-health-checking"],
               readinessProbe={"grpc": {"port": 5000}})  # fmt: skip

    sim.apply(body).run(6)

    assert condition(sim, "rpc", "Ready")["status"] == "True"


def test_a_startup_probe_holds_the_others_back(sim: Sim) -> None:
    startup = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 2, "failureThreshold": 10}
    live = {"exec": {"command": ["cat", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 1}
    script = "sleep 9; touch /tmp/up; sleep 600"
    sim.apply(pod("slow", "busybox:1.37", command=["sh", "-c", script], startupProbe=startup, livenessProbe=live))

    sim.run(6)
    early = container(sim, "slow")["started"]
    sim.run(8)

    assert early is False
    assert container(sim, "slow")["started"] is True
    assert container(sim, "slow")["restartCount"] == 0


def test_a_probe_that_takes_too_long_fails(sim: Sim) -> None:
    probe = {"exec": {"command": ["sleep", "5"]}, "periodSeconds": 10, "timeoutSeconds": 2}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "sleep 600"], readinessProbe=probe)).run(8)

    assert messages(sim, "Unhealthy", "web") == [
        'Readiness probe failed: command timed out: "sleep 5" timed out after 2s'
    ]


def test_a_steady_probe_costs_nothing(sim: Sim) -> None:
    probe = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1}
    sim.apply(pod("web", "nginx:1.27", readinessProbe=probe, livenessProbe=probe)).settle()
    seen = len(sim.log)

    sim.run(60)

    assert [e for e in sim.log[seen:] if e.change.kind.plural in ("pods", "sandboxes", "events")] == []
    assert [key for _, key in sim.loop._due if key.name == "web"] == []


def test_a_steady_command_is_not_run_again_until_something_can_change(sim: Sim) -> None:
    sim.apply(
        pod("live", "busybox:1.37", args=["/bin/sh", "-c", HEALTHY], livenessProbe=exec_probe("cat", "/tmp/healthy"))
    )
    sim.run(10)
    before = sandbox(sim, "live")

    sim.run(15)

    assert sandbox(sim, "live") == before


def test_a_probes_own_grace_shortens_the_end(sim: Sim) -> None:
    probe = exec_probe("false", failureThreshold=1, terminationGracePeriodSeconds=3)
    sim.apply(pod("live", "busybox:1.37", command=["sh", "-c", "while true; do sleep 1; done"], livenessProbe=probe))

    sim.run(9)

    ended = container(sim, "live")["lastState"]["terminated"]
    assert ended["exitCode"] == 137
    assert times(sim, "Started", "live")[1] - times(sim, "Killing", "live")[0] == 3 * SECOND


def test_a_probe_that_cannot_be_run_is_told_but_not_counted(sim: Sim) -> None:
    probe = {"exec": {"command": ["nosuch"]}, "periodSeconds": 2, "failureThreshold": 1}
    sim.apply(pod("live", "nginx:1.27", livenessProbe=probe)).run(12)

    said = sim.events("Unhealthy", "live")
    assert said[0]["message"].startswith("Liveness probe errored and resulted in unknown state: rpc error: ")
    assert said[0]["count"] > 3
    assert container(sim, "live")["restartCount"] == 0


def test_a_probe_reaches_any_container_of_the_pod(sim: Sim) -> None:
    body = pod("web", "busybox:1.37", command=["sh", "-c", "sleep 3600"], readinessProbe={"tcpSocket": {"port": 80}})
    body["spec"]["containers"].append({"name": "server", "image": "nginx:1.27"})

    sim.apply(body).run(15)

    assert condition(sim, "web", "Ready")["status"] == "True"


def test_a_probes_localhost_is_the_nodes_and_not_the_pods(sim: Sim) -> None:
    probe = {"httpGet": {"path": "/", "port": 80, "host": "127.0.0.1"}}
    sim.apply(pod("web", "nginx:1.27", readinessProbe=probe)).run(6)

    assert condition(sim, "web", "Ready")["status"] == "False"
    assert messages(sim, "Unhealthy", "web") == [
        'Readiness probe failed: Get "http://127.0.0.1:80/": dial tcp 127.0.0.1:80: connect: connection refused'
    ]


def test_readiness_needs_as_many_successes_in_a_row_as_it_says(sim: Sim) -> None:
    probe = {"exec": {"command": ["true"]}, "periodSeconds": 2, "successThreshold": 3}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "sleep 3600"], readinessProbe=probe)).settle(8)

    ready, started = condition(sim, "web", "Ready"), container(sim, "web")["state"]["running"]["startedAt"]
    assert ready["status"] == "True"
    assert ready["lastTransitionTime"] > started
    seconds = int(ready["lastTransitionTime"][17:19]) - int(started[17:19])
    assert 4 <= seconds <= 6


def test_the_startup_probe_kills_what_does_not_start_in_time(sim: Sim) -> None:
    probe = {"exec": {"command": ["cat", "/nope"]}, "periodSeconds": 1, "failureThreshold": 3}
    spec = {"terminationGracePeriodSeconds": 1}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "sleep 3600"], startupProbe=probe, spec=spec)).run(8)

    assert "Container web failed startup probe, will be restarted" in messages(sim, "Killing", "web")
    assert container(sim, "web")["restartCount"] >= 1


def test_a_probe_by_https_of_a_server_without_tls_says_so() -> None:
    sim = Sim(nodes=1)
    probe = {"httpGet": {"port": 80, "path": "/", "scheme": "HTTPS"}, "periodSeconds": 1}

    sim.apply(pod("web", "nginx:1.27", readinessProbe=probe)).settle()

    ip = sim.get("pods", "web")["status"]["podIP"]
    why = f'Get "https://{ip}:80/": http: server gave HTTP response to HTTPS client'
    assert {event["message"] for event in sim.events("Unhealthy")} == {f"Readiness probe failed: {why}"}
