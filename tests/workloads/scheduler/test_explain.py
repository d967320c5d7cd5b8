"""The table behind a decision."""

from __future__ import annotations

from clusters.reconcile.world import Due
from tests.sim import Sim, UserView, pod
from workloads.scheduler.explain import Row, explain

PAUSE = "registry.k8s.io/pause:3.10"


def rows(sim: Sim, name: str) -> dict[str, Row]:
    view = UserView(sim.loop, Due(sim.now, 0, 0))
    return {row.node: row for row in explain(sim.get("pods", name), view).rows}


def test_every_node_has_its_verdicts() -> None:
    sim = Sim(nodes=2)
    sim.patch("nodes", "worker-1", "spec.unschedulable", True).settle()
    sim.apply(pod("big", PAUSE, resources={"requests": {"cpu": "5"}})).settle()

    found = rows(sim, "big")

    assert found["worker-1"].refused == {
        "NodeUnschedulable": ("node(s) were unschedulable",),
        "TaintToleration": ("node(s) had untolerated taint {node.kubernetes.io/unschedulable: }",),
        "NodeResourcesFit": ("Insufficient cpu",),
    }
    assert found["worker-2"].refused == {"NodeResourcesFit": ("Insufficient cpu",)}
    assert not found["worker-2"].fits


def test_the_chosen_node_has_the_best_total() -> None:
    sim = Sim(nodes=3)
    sim.apply(pod("a", PAUSE, resources={"requests": {"cpu": "2"}})).settle()
    sim.apply(pod("b", PAUSE, resources={"requests": {"cpu": "1"}})).settle()

    found = rows(sim, "b")

    fitting = [row for row in found.values() if row.fits]
    assert len(fitting) == 3
    chosen = sim.get("pods", "b")["spec"]["nodeName"]
    assert found[chosen].total == max(row.total for row in fitting)
    assert "NodeResourcesFit" in found[chosen].scores
