"""A kubelet registers its Node and keeps its status."""

from __future__ import annotations

import pytest

from clusters.reconcile.clock import parse
from clusters.reconcile.writes import SetStatus
from tests.sim import Sim, pod


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def test_a_new_cluster_is_ready_without_waiting(sim: Sim) -> None:
    began = sim.log[0].at

    ready = [e.at for e in sim.log.all("nodes", "ADDED")]

    assert len(ready) == 3
    assert {at - began for at in ready} == {0}


def test_a_node_has_the_labels_addresses_and_conditions_of_a_kubelet(sim: Sim) -> None:
    node = sim.get("nodes", "worker-1")

    assert node["metadata"]["labels"]["kubernetes.io/hostname"] == "worker-1"
    assert {"type": "InternalIP", "address": "192.168.49.3"} in node["status"]["addresses"]
    ready = node["status"]["conditions"][-1]
    assert (ready["type"], ready["reason"]) == ("Ready", "KubeletReady")
    assert ready["message"] == "kubelet is posting ready status"
    assert node["status"]["nodeInfo"]["kubeletVersion"].startswith("v1.34.")
    assert node["status"]["nodeInfo"]["containerRuntimeVersion"].startswith("containerd://2.1.")


def test_the_control_plane_has_its_role_and_its_taint(sim: Sim) -> None:
    node = sim.get("nodes", "control-plane")

    assert node["metadata"]["labels"]["node-role.kubernetes.io/control-plane"] == ""
    assert {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"} in node["spec"]["taints"]


def test_no_two_nodes_have_the_same_address(sim: Sim) -> None:
    addresses = [node["status"]["addresses"][0]["address"] for node in sim.list("nodes")]

    assert sorted(addresses) == ["192.168.49.2", "192.168.49.3", "192.168.49.4"]


def test_a_lease_is_renewed_as_often_as_the_timings_say(sim: Sim) -> None:
    before = len(sim.log.all("leases"))

    sim.run(10)

    renewals = [e for e in sim.log.all("leases")[before:] if e.change.key.name == "worker-1"]
    assert len(renewals) == 10
    assert {e.actor for e in renewals} == {"kubelet/worker-1"}


def test_a_node_at_rest_writes_its_lease_and_little_else(sim: Sim) -> None:
    sim.run(1)
    seen = len(sim.log)

    sim.run(59)

    assert {e.change.kind.plural for e in sim.log[seen:]} == {"leases", "nodes"}
    assert len([e for e in sim.log[seen:] if e.change.kind.plural == "nodes"]) == 3


def test_a_machine_without_power_says_nothing(sim: Sim) -> None:
    sim.crash("worker-1").run(1)
    renewed = sim.get("leases", "worker-1", "kube-node-lease")["spec"]["renewTime"]

    sim.run(30)

    assert sim.get("leases", "worker-1", "kube-node-lease")["spec"]["renewTime"] == renewed
    assert sim.now - parse(renewed) > 30_000_000


def test_a_node_that_comes_back_says_so(sim: Sim) -> None:
    sim.crash("worker-1").run(8)

    sim.delete("faults", "crash-worker-1").run(10)

    conditions = {c["type"]: c["status"] for c in sim.get("nodes", "worker-1")["status"]["conditions"]}
    assert conditions["Ready"] == "True"
    assert len(sim.events("Rebooted", "worker-1")) == 1
    assert sim.events("Starting", "worker-1")[0]["count"] == 2


def test_a_kubelet_tells_that_its_node_was_cordoned_and_uncordoned(sim: Sim) -> None:
    sim.patch("nodes", "worker-1", "spec.unschedulable", True, "").run(20)
    sim.patch("nodes", "worker-1", "spec.unschedulable", False, "").run(20)

    for word in ("NodeNotSchedulable", "NodeSchedulable"):
        (event,) = sim.events(word, "worker-1")
        assert (event["message"], event.get("count", 1)) == (f"Node worker-1 status is now: {word}", 1)


def test_what_was_advertised_by_hand_can_be_asked_for_until_the_machine_boots_again(sim: Sim) -> None:
    node = sim.get("nodes", "worker-1")
    more = {**node["status"]["capacity"], "example.com/dongle": "4"}
    sim.write(SetStatus("nodes", node, {**node["status"], "capacity": more})).run(1)
    wants = {"limits": {"example.com/dongle": "3"}}

    sim.apply(pod("first", resources=wants), pod("second", resources=wants)).settle()
    held = sim.get("nodes", "worker-1")["status"]["allocatable"]["example.com/dongle"]
    sim.crash("worker-1").run(5)
    sim.delete("faults", "crash-worker-1").run(20)

    assert held == "4"
    assert [word for one in sim.pods() if (word := one["spec"].get("nodeName"))] == ["worker-1"]
    assert any("2 Insufficient example.com/dongle" in event["message"] for event in sim.events("FailedScheduling"))
    assert sim.get("nodes", "worker-1")["status"]["allocatable"]["example.com/dongle"] == "0"
