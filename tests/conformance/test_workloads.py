"""`kubectl run`, `scale`, `expose`, `set image`, `rollout`, `logs`, `wait`, and a watch."""

from __future__ import annotations

import subprocess

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import TALKER, WEB


def test_run_starts_a_pod(kubectl: Kubectl) -> None:
    assert kubectl("run", "box", "--image=nginx").out == "pod/box created\n"

    said = kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=120s")

    assert said.out == "pod/box condition met\n"
    assert kubectl("get", "pod", "box").row("box")[1:4] == ["1/1", "Running", "0"]


def test_scale_changes_the_number_of_pods(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx")

    assert kubectl("scale", "deployment/web", "--replicas=3").out == "deployment.apps/web scaled\n"

    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    assert kubectl("get", "deployment", "web").row("web")[1] == "3/3"


def test_scale_asks_first_how_many_there_are(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx")

    refused = kubectl.refused("scale", "deployment/web", "--current-replicas=5", "--replicas=3")

    assert "Expected replicas to be 5, was 1" in refused


def test_expose_makes_a_service_with_endpoints(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    assert kubectl("expose", "deployment", "web", "--port=80").out == "service/web exposed\n"

    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    said = kubectl.eventually(":80,", "get", "endpoints", "web")
    assert said.row("web")[1].count(":80") == 2
    assert kubectl("get", "service", "web").row("web")[1] == "ClusterIP"


def test_a_rollout_is_done_undone_and_remembered(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    assert kubectl("set", "image", "deployment/web", "nginx=nginx:1.28").out == "deployment.apps/web image updated\n"
    done = kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    assert 'deployment "web" successfully rolled out' in done.out
    assert [line.split()[0] for line in kubectl("rollout", "history", "deployment/web").lines[2:4]] == ["1", "2"]
    assert kubectl("rollout", "undo", "deployment/web").out == "deployment.apps/web rolled back\n"
    assert kubectl("get", "deployment", "web", "-o", "wide").row("web")[6] == "nginx:1.27"


def test_a_paused_rollout_waits(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    kubectl("rollout", "pause", "deployment/web")
    kubectl("set", "image", "deployment/web", "nginx=nginx:1.28")

    assert len(kubectl.get("replicasets")["items"]) == 1
    kubectl("rollout", "resume", "deployment/web")
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    assert len(kubectl.get("replicasets")["items"]) == 2


def test_restart_replaces_every_pod(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    before = {pod["metadata"]["uid"] for pod in kubectl.get("pods")["items"]}

    assert kubectl("rollout", "restart", "deployment/web").out == "deployment.apps/web restarted\n"
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    after = [pod for pod in kubectl.get("pods")["items"] if "deletionTimestamp" not in pod["metadata"]]
    assert not before & {pod["metadata"]["uid"] for pod in after}


def test_logs_are_what_the_command_wrote(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=TALKER)
    kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=120s")

    assert kubectl("logs", "talker").out.startswith("one\ntwo\n")
    kubectl.eventually("three", "logs", "talker")
    assert kubectl("logs", "talker", "--tail=1").out == "three\n"
    assert kubectl("logs", "talker", "--timestamps", "--tail=1").out.split()[0].endswith("Z")


def test_logs_are_followed_until_the_container_ends(kubectl: Kubectl) -> None:
    brief = TALKER.replace("sleep 3600", "sleep 1; echo four").replace("spec:\n", "spec:\n  restartPolicy: Never\n")
    kubectl("apply", "-f", "-", stdin=brief)
    kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].containerID}", "pod/talker", "--timeout=120s")

    assert kubectl("logs", "-f", "talker").out == "one\ntwo\nthree\nfour\n"


def test_logs_of_what_has_not_started_are_refused(kubectl: Kubectl) -> None:
    kubectl("run", "typo", "--image=ngnix")
    kubectl.eventually("BackOff", "get", "pods")

    refused = kubectl.refused("logs", "typo")

    assert 'container "typo" in pod "typo" is waiting to start: trying and failing to pull image' in refused
    assert "container nothing is not valid for pod typo" in kubectl.refused("logs", "typo", "-c", "nothing")


def test_the_log_before_a_restart_is_kept(kubectl: Kubectl) -> None:
    crashing = TALKER.replace("echo one; echo two; sleep 2; echo three; sleep 3600", "echo one; sleep 1; exit 3")
    kubectl("apply", "-f", "-", stdin=crashing)

    assert kubectl.eventually("one", "logs", "talker", "--previous").out == "one\n"


def test_a_watch_prints_each_change(kubectl: Kubectl) -> None:
    kubectl("create", "configmap", "seen")
    command = kubectl.command("get", "configmaps", "-w", "-o", "name", "--field-selector=metadata.name=seen")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout
        first = watch.stdout.readline()
        kubectl("label", "configmap", "seen", "a=b")
        second = watch.stdout.readline()
        watch.terminate()

    assert first == second == "configmap/seen\n"


def test_wait_sees_a_deletion(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=TALKER)
    kubectl("delete", "pod", "talker", "--wait=false")

    kubectl("wait", "--for=delete", "pod/talker", "--timeout=120s")

    assert "NotFound" in kubectl.refused("get", "pod", "talker")
