"""NodeResourcesFit: requests must fit into what is left; the emptier node is the better (strategy LeastAllocated)."""

from __future__ import annotations

from collections.abc import Sequence

from workloads.scheduler.framework import MOST, NODE_ADDED, NODE_ALLOCATABLE, POD_GONE, Cycle, Filter, Refusal, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

LEAST = "LeastAllocated"  # the other strategy here: MostAllocated


class NodeResourcesFit(Filter, Score):
    name = "NodeResourcesFit"
    scores_by_template = True
    strategy = LEAST
    resources: Sequence[tuple[str, int]] = (("cpu", 1), ("memory", 1))  # with their weights
    helped_by = (NODE_ADDED, NODE_ALLOCATABLE, POD_GONE)

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        has, used = node.allocatable, node.requested
        lacking = []
        if len(node.pods) + 1 > has.get("pods", 0):
            lacking.append("Too many pods")
        for name, asked in pod.requests.items():
            if asked and asked > has.get(name, 0) - used[name]:
                lacking.append(f"Insufficient {name}")
        if not lacking:
            return None
        # more than an empty node has: nobody's going helps
        never = any(asked > has.get(name, 0) for name, asked in pod.requests.items())
        return self.refuse(*lacking, final=never)

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        total = weights = 0
        for name, weight in self.resources:
            has, used = node.allocatable.get(name, 0), _used(name, pod, node)
            if has:
                weights += weight
                if used <= has:
                    total += weight * ((has - used if self.strategy == LEAST else used) * MOST // has)
        return total // weights if weights else 0


def _used(name: str, pod: PodInfo, node: NodeInfo) -> int:
    """Silent containers count for cpu and memory with what they are thought to need."""
    if name == "cpu":
        return node.guessed_cpu + pod.guessed_cpu
    if name == "memory":
        return node.guessed_memory + pod.guessed_memory
    return node.requested[name] + pod.requests.get(name, 0)
