"""Each node has a range of pod addresses of its own."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from tests.sim import Sim


def node(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}


def ranges(sim: Sim) -> list[str]:
    return [dig(one, "spec.podCIDR") for one in sim.list("nodes")]


def test_nodes_get_the_lowest_free_ranges() -> None:
    sim = Sim(nodes=3)

    assert ranges(sim) == ["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24", "10.244.3.0/24"]
    assert sim.get("nodes", "worker-1")["spec"]["podCIDRs"] == ["10.244.1.0/24"]


def test_the_range_of_a_node_that_left_is_given_again() -> None:
    sim = Sim(nodes=3).delete("nodes", "worker-1").settle()

    sim.apply(node("worker-9")).settle()

    assert sim.get("nodes", "worker-9")["spec"]["podCIDR"] == "10.244.1.0/24"
