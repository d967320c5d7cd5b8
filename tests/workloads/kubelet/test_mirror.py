"""The control plane runs as static pods; the API shows their mirrors."""

from __future__ import annotations

import pytest

from tests.sim import Sim

NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def test_each_part_has_a_mirror_pod_that_runs(sim: Sim) -> None:
    pods = [sim.get("pods", f"{name}-control-plane", "kube-system") for name in NAMES]

    assert [sim.word(pod) for pod in pods] == ["Running"] * 4
    assert [pod["metadata"]["labels"] for pod in pods] == [
        {"component": name, "tier": "control-plane"} for name in NAMES
    ]


def test_a_mirror_pod_is_owned_by_its_node_and_marked_as_a_mirror(sim: Sim) -> None:
    pod = sim.get("pods", "etcd-control-plane", "kube-system")

    owner = pod["metadata"]["ownerReferences"][0]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("Node", "control-plane", True)
    annotations = pod["metadata"]["annotations"]
    assert annotations["kubernetes.io/config.mirror"] == annotations["kubernetes.io/config.hash"]
    assert pod["spec"]["priority"] == 2000001000
    assert pod["status"]["podIP"] == sim.get("machines", "control-plane")["ip"]


def test_deleting_a_mirror_pod_does_not_stop_its_container(sim: Sim) -> None:
    before = sim.get("pods", "kube-scheduler-control-plane", "kube-system")

    sim.delete("pods", before).settle()

    after = sim.get("pods", "kube-scheduler-control-plane", "kube-system")
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    was, is_ = before["status"]["containerStatuses"][0], after["status"]["containerStatuses"][0]
    assert is_["containerID"] == was["containerID"]
    assert is_["restartCount"] == 0
    assert sim.word(after) == "Running"


def test_mirror_pods_are_not_scheduled(sim: Sim) -> None:
    assert sim.events("Scheduled", "etcd-control-plane") == []
