"""The table behind a decision."""

from __future__ import annotations

from clusters.kinds.body import Key
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


def test_who_would_have_to_go_is_in_the_table() -> None:
    urgent = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "urgent"}, "value": 9}
    asks = {"resources": {"requests": {"cpu": "3"}}}
    sim = Sim(nodes=2).apply(urgent, pod("a", PAUSE, **asks), pod("b", PAUSE, **asks)).settle()
    sim.apply(pod("vip", PAUSE, spec={"priorityClassName": "urgent"}, **asks))

    made = explain(sim.get("pods", "vip"), UserView(sim.loop, Due(sim.now, 0, 0)))

    assert made.chosen == ""
    assert made.message.startswith("0/3 nodes are available: ")
    assert made.remedy.victims is not None
    assert made.remedy.victims.node in ("worker-1", "worker-2")
    assert [len(row.victims.pods) for row in made.rows if row.victims] == [1, 1]


def test_a_large_cluster_is_not_looked_at_as_a_whole() -> None:
    sim = Sim(nodes=1)
    for number in range(120):
        labels = {"kubernetes.io/hostname": f"extra-{number:03}"}
        status = {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}}
        body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"extra-{number:03}", "labels": labels}}
        sim.loop.objects.put("nodes", Key("", f"extra-{number:03}"), {**body, "spec": {}, "status": status})
    sim.apply(pod("web", PAUSE))

    made = explain(sim.get("pods", "web"), UserView(sim.loop, Due(sim.now, 0, 0)))

    assert len([row for row in made.rows if row.fits and not row.skipped]) == 100
    assert made.chosen in made.best
