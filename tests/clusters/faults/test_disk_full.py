"""DiskFull: what Kubernetes promises when a node's disk is full."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from tests.sim import Sim, deployment, fault


def pressure(sim: Sim) -> str:
    conditions: list[Body] = sim.get("nodes", "worker-1")["status"]["conditions"]
    return next(str(one["status"]) for one in conditions if one["type"] == "DiskPressure")


def test_its_pods_are_evicted_and_replaced_elsewhere() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image="registry.k8s.io/pause:3.10")).settle()

    sim.apply(fault("DiskFull", "full", node="worker-1")).run(40)

    assert pressure(sim) == "True"
    assert len(sim.running("web")) == 3
    assert "worker-1" not in [dig(one, "spec.nodeName") for one in sim.running("web")]
    assert [one["status"]["reason"] for one in sim.pods("web") if one["status"]["phase"] == "Failed"] == ["Evicted"]


def test_when_the_fault_is_deleted_the_pressure_goes_after_its_time() -> None:
    sim = Sim(nodes=2).apply(fault("DiskFull", "full", node="worker-1")).run(10)

    sim.delete("faults", "full").run(15)
    soon = pressure(sim)
    sim.run(40)

    assert (soon, pressure(sim)) == ("True", "False")
    assert "taints" not in sim.get("nodes", "worker-1")["spec"]
