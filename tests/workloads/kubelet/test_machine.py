"""Machines join with their Nodes, lose power, boot, and leave."""

from __future__ import annotations

import pytest

from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, messages, node_of, sandbox


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def test_a_node_that_kubectl_makes_gets_a_machine_and_is_ready(sim: Sim) -> None:
    sim.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "extra"}})

    sim.settle()

    assert sim.get("machines", "extra")["power"] == "on"
    conditions = {c["type"]: c["status"] for c in sim.get("nodes", "extra")["status"]["conditions"]}
    assert conditions["Ready"] == "True"


def test_a_deleted_node_takes_its_machine_and_sandboxes_and_does_not_come_back(sim: Sim) -> None:
    sim.apply(pod("web", spec={"nodeName": "worker-1"})).settle()

    sim.delete("nodes", "worker-1").run(20)

    assert sim.find("nodes", "worker-1") is None
    assert sim.find("machines", "worker-1") is None
    assert sim.list("sandboxes", "worker-1") == []


def test_a_crash_ends_every_process_and_keeps_the_disk(sim: Sim) -> None:
    sim.apply(pod("web")).settle()
    node = node_of(sim, "web")

    sim.crash(node).run(1)

    assert sim.get("machines", node)["power"] == "off"
    assert "docker.io/library/nginx:latest" in sim.get("machines", node)["images"]
    assert sandbox(sim, "web")["running"] == []
    assert sandbox(sim, "web")["containers"]["web"]["run"] is None


def test_a_healed_machine_boots_and_its_containers_start_again(sim: Sim) -> None:
    sim.apply(pod("web")).settle()
    node, boot = node_of(sim, "web"), sim.get("machines", node_of(sim, "web"))["bootID"]
    sim.crash(node).run(1)

    sim.delete("faults", f"crash-{node}").run(1)
    booting = sim.get("machines", node)["power"]
    sim.run(10)

    assert booting == "booting"
    assert sim.get("machines", node)["bootID"] != boot
    status = container(sim, "web")
    assert status["restartCount"] == 1
    assert status["lastState"]["terminated"]["reason"] == "Unknown"
    assert status["lastState"]["terminated"]["exitCode"] == 255
    assert messages(sim, "SandboxChanged", "web") == ["Pod sandbox changed, it will be killed and re-created."]


def test_a_second_crash_while_booting_takes_the_power_again(sim: Sim) -> None:
    sim.crash("worker-1").run(1)
    sim.delete("faults", "crash-worker-1").run(1)

    sim.crash("worker-1").run(10)

    assert sim.get("machines", "worker-1")["power"] == "off"


def test_what_was_written_to_an_empty_dir_outlives_a_crash(sim: Sim) -> None:
    mount = [{"name": "data", "mountPath": "/data"}]
    command = ["sh", "-c", "cat /data/x; echo kept > /data/x; sleep 3600"]
    sim.apply(pod("disk", "busybox", command=command, volumeMounts=mount, spec={"volumes": [
        {"name": "data", "emptyDir": {}}]})).settle()  # fmt: skip
    node = node_of(sim, "disk")

    sim.crash(node).run(1)
    sim.delete("faults", f"crash-{node}").run(10)

    assert sim.logs(sim.get("pods", "disk")).endswith("kept\n")


def test_a_control_plane_that_lost_power_runs_again_by_itself(sim: Sim) -> None:
    sim.crash("control-plane").run(2)
    sim.apply(pod("waits"))
    sim.run(5)
    assert not sim.get("pods", "waits")["spec"].get("nodeName")

    sim.delete("faults", "crash-control-plane").run(20)

    assert sim.word(sim.get("pods", "waits")) == "Running"
