"""`kubectl exec`, `attach`, `run -it`, `cp`, `debug`, `port-forward`, and the flags of `logs`."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import TALKER
from tests.conformance.tty import Tty
from tests.podium import PATIENCE, Podium, free_port, until

PAIR = """
apiVersion: v1
kind: Pod
metadata: {name: pair}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: first, image: busybox, command: [sh, -c, "echo from first; sleep 3600"]}
  - {name: second, image: busybox, command: [sh, -c, "echo from second; sleep 3600"]}
"""


@pytest.fixture
def box(kubectl: Kubectl) -> Iterator[Kubectl]:
    """kubectl in a namespace where a pod `box` sleeps."""
    kubectl("run", "box", "--image=busybox", "--", "sleep", "3600")
    kubectl("wait", "--for=condition=Ready", "pod/box", "--timeout=120s")
    yield kubectl
    kubectl("delete", "pod", "box", "--grace-period=0", "--force", "--wait=false")


def test_exec_prints_both_streams_and_gives_the_exit_code(box: Kubectl) -> None:
    said = box.run("exec", "box", "--", "sh", "-c", "echo out; echo err >&2; exit 3")

    assert (said.out, said.code) == ("out\n", 3)
    assert said.err == "err\ncommand terminated with exit code 3\n"


def test_exec_passes_stdin_until_its_end(box: Kubectl) -> None:
    assert box("exec", "-i", "box", "--", "sh", "-c", "read a; echo got $a; cat", stdin="x\ny\nz").out == "got x\ny\nz"
    assert box("exec", "-i", "box", "--", "sh", stdin="cd /tmp\npwd\n").out == "/tmp\n"


def test_exec_says_what_is_wrong(box: Kubectl) -> None:
    assert 'exec: "nonsense": executable file not found in $PATH' in box.refused("exec", "box", "--", "nonsense")
    assert 'pods "nope" not found' in box.refused("exec", "nope", "--", "ls")
    assert "container nope is not valid for pod box" in box.refused("exec", "box", "-c", "nope", "--", "ls")
    assert "executable file not found" in box.refused("exec", "-i", "box", "--", "nonsense", stdin="")


def test_every_byte_passes_both_ways(box: Kubectl, tmp_path: Path) -> None:
    data = os.urandom(100_000)

    done = subprocess.run(box.command("exec", "-i", "box", "--", "cat"), input=data, capture_output=True, check=True)

    assert done.stdout == data


def test_a_shell_on_a_terminal(box: Kubectl) -> None:
    with Tty(box.command("exec", "-it", "box", "--", "sh")) as shell:
        shell.until("/ # ")
        shell.type("cd /tmp\r").until("/tmp # ")
        shell.type("echo $((6*7))\r").until("42\r\n/tmp # ")
        shell.type("sleep 100\r").until("sleep 100\r\n")
        until(lambda: "sleep 100" in box("exec", "box", "--", "ps").out, "it sleeps")
        shell.type("\x03").until("/tmp # ")
        shell.type("exit 5\r")

        assert shell.wait() == 5


def test_a_keystroke_is_echoed_while_one_types(box: Kubectl) -> None:
    with Tty(box.command("exec", "-it", "box", "--", "sh")) as shell:
        shell.until("/ # ")
        took = []
        for key in "echo abcdefghijklmno":
            begun = time.monotonic()
            shell.type(key).until(key)
            took.append(time.monotonic() - begun)

    assert sorted(took)[len(took) // 4] < 0.2, took  # about 0.02 on a quiet machine; other work delays some, not most


def test_a_session_survives_its_worker(box: Kubectl, podium: Podium) -> None:
    with Tty(box.command("exec", "-it", "box", "--", "sh")) as shell:
        shell.until("/ # ")
        shell.type("answer=42\r").until("/ # ")

        for name in [name for name in podium.processes if name.startswith("worker")]:
            podium.kill_process(name)

        shell.type("echo it is $answer\r").until("it is 42\r\n")


def test_a_flood_costs_its_own_session_only(box: Kubectl) -> None:
    def asked() -> float:
        begun = time.monotonic()
        assert box("exec", "box", "--", "echo", "fine").out == "fine\n"
        return time.monotonic() - begun

    quiet = asked()
    with subprocess.Popen(box.command("exec", "box", "--", "yes"), stdout=subprocess.PIPE) as flood:
        assert flood.stdout
        assert flood.stdout.read(200_000).startswith(b"y\ny\n")

        assert asked() < 20 * quiet
        flood.kill()

    until(lambda: "yes" not in box("exec", "box", "--", "ps").out, "the command is killed with its client")


def test_run_gives_a_shell_and_takes_it_away(kubectl: Kubectl) -> None:
    with Tty(kubectl.command("run", "tmp", "-it", "--rm", "--restart=Never", "--image=busybox", "--", "sh")) as shell:
        shell.until("try pressing enter.")
        shell.type("\r").until("/ # ")
        shell.type("hostname\r").until("tmp\r\n/ # ")
        shell.type("exit\r").until('pod "tmp" deleted')

        assert shell.wait() == 0


def test_run_prints_what_a_short_command_says_and_ends_as_it_did(kubectl: Kubectl) -> None:
    once = ("run", "-i", "--rm", "--quiet", "--image=busybox:1.28", "--restart=Never")

    assert kubectl(*once, "short", "--", "sh", "-c", "echo hi", stdin="").out.startswith("hi\n")
    assert kubectl(*once, "fed", "--", "cat", stdin="input\n").out.startswith("input\n")
    assert kubectl.run(*once, "bad", "--", "sh", "-c", "exit 3", stdin="").code == 3


def test_attach_shows_what_comes_from_then_on(kubectl: Kubectl) -> None:
    kubectl(
        "apply",
        "-f",
        "-",
        stdin=TALKER.replace("sleep 2; echo three; sleep 3600", "while sleep 1; do echo three; done"),
    )
    kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=120s")

    with Tty(kubectl.command("attach", "talker")) as attached:
        assert "one" not in attached.until("three")


def test_cp_goes_both_ways(box: Kubectl, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    (folder / "below").mkdir(parents=True)
    (folder / "a.txt").write_text("hello\n")
    (folder / "below" / "b.bin").write_bytes(os.urandom(5000))

    box("cp", str(folder), "box:/tmp/there")
    box("cp", "box:/tmp/there", str(tmp_path / "back"))

    assert box("exec", "box", "--", "cat", "/tmp/there/a.txt").out == "hello\n"
    assert (tmp_path / "back" / "below" / "b.bin").read_bytes() == (folder / "below" / "b.bin").read_bytes()


def test_debug_enters_with_a_container_of_its_own(box: Kubectl) -> None:
    with Tty(box.command("debug", "-it", "box", "--image=alpine", "-c", "look", "--target=box", "--", "sh")) as shell:
        shell.until("try pressing enter.")
        shell.type("\r").until("# ")
        shell.type("cat /etc/alpine-release\r").until("3.")
        shell.type("exit\r")
        shell.wait()

    assert [one["name"] for one in box.get("pod", "box")["spec"]["ephemeralContainers"]] == ["look"]


def test_debug_makes_a_copy(box: Kubectl) -> None:
    arguments = ("debug", "box", "--copy-to=twin", "--container=box", "--image=alpine", "--", "sleep", "1000")
    box(*arguments)

    box("wait", "--for=condition=Ready", "pod/twin", "--timeout=120s")

    assert box("exec", "twin", "--", "cat", "/etc/alpine-release").out.startswith("3.")


@pytest.fixture
def web(kubectl: Kubectl) -> Kubectl:
    """kubectl in a namespace where nginx runs, with a Service."""
    probe = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1}  # without it Ready comes before nginx listens
    container = {"name": "web", "image": "nginx", "ports": [{"containerPort": 80}], "readinessProbe": probe}
    overrides = json.dumps({"apiVersion": "v1", "spec": {"containers": [container]}})
    kubectl("run", "web", "--image=nginx", "--port=80", "--expose", f"--overrides={overrides}")
    kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=120s")
    return kubectl


@pytest.mark.parametrize("target", ["pod/web", "service/web"])
def test_port_forward_leads_to_the_pod(web: Kubectl, target: str) -> None:
    port = free_port()
    with subprocess.Popen(
        web.command("port-forward", target, f"{port}:80"), stdout=subprocess.PIPE, text=True
    ) as tunnel:
        assert tunnel.stdout
        assert "Forwarding from" in tunnel.stdout.readline()

        for path, begins in (("/", b"<!DOCTYPE html>"), ("/", b"<!DOCTYPE html>")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as page:
                assert (page.status, page.read()[:15]) == (200, begins)
        tunnel.kill()


def test_port_forward_says_that_nobody_listens(web: Kubectl) -> None:
    port = free_port()
    command = web.command("port-forward", "pod/web", f"{port}:81")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tunnel:
        assert tunnel.stdout
        assert tunnel.stderr
        tunnel.stdout.readline()
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE)

        assert "connection refused" in tunnel.stderr.readline()
        tunnel.kill()


def test_the_proxy_of_pods_and_services(web: Kubectl) -> None:
    base = f"/api/v1/namespaces/{web.namespace}"

    assert "<!DOCTYPE html>" in web("get", "--raw", f"{base}/pods/web:80/proxy/").out
    assert "<!DOCTYPE html>" in web("get", "--raw", f"{base}/services/web:80/proxy/").out
    assert "(NotFound)" in web.refused("get", "--raw", f"{base}/pods/web:80/proxy/nowhere")
    assert "connection refused" in web.refused("get", "--raw", f"{base}/pods/web:81/proxy/")


def test_logs_of_several_containers_and_of_a_selection(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=PAIR.replace("{name: pair}", "{name: pair, labels: {app: pair}}"))
    kubectl("wait", "--for=condition=Ready", "pod/pair", "--timeout=120s")

    assert kubectl("logs", "pair", "-c", "second").out == "from second\n"
    assert sorted(kubectl("logs", "pair", "--all-containers").lines) == ["from first", "from second"]
    assert "from first" in kubectl("logs", "-l", "app=pair", "--all-containers", "--prefix").out
    assert kubectl("logs", "pair", "-c", "first", "--limit-bytes=4").out == "from"
    assert kubectl("logs", "pair", "-c", "first", "--since=1h").out == "from first\n"
    assert kubectl("logs", "pair", "-c", "first", "--since-time=2100-01-01T00:00:00Z").out == ""


def test_a_client_without_websockets_is_told_so(box: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false")

    assert "Podium serves pods/exec over websockets only" in box.refused("exec", "box", "--", "ls")
