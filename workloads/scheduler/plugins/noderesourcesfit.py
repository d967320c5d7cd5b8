"""NodeResourcesFit: requests must fit into what is left; the emptier node is the better (strategy LeastAllocated)."""

from __future__ import annotations

from workloads.scheduler.framework import MOST, NODE_ADDED, NODE_ALLOCATABLE, POD_GONE, Cycle, Filter, Refusal, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class NodeResourcesFit(Filter, Score):
    name = "NodeResourcesFit"
    scores_by_template = True
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
        has = node.allocatable
        shares = [
            _free_share(has.get("cpu", 0), node.guessed_cpu + pod.guessed_cpu),
            _free_share(has.get("memory", 0), node.guessed_memory + pod.guessed_memory),
        ]
        known = [share for share in shares if share is not None]
        return sum(known) // len(known) if known else 0


def _free_share(has: int, used: int) -> int | None:
    if not has:
        return None
    return (has - used) * MOST // has if used <= has else 0
