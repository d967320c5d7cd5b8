"""NodeResourcesBalancedAllocation: cpu and memory of a node should fill up alike."""

from __future__ import annotations

from collections.abc import Sequence

from workloads.scheduler.framework import MOST, Cycle, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class NodeResourcesBalancedAllocation(Score):
    name = "NodeResourcesBalancedAllocation"
    scores_by_template = True

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        return bool(pod.requests.get("cpu") or pod.requests.get("memory"))

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        shares = [
            min((node.requested[name] + pod.requests.get(name, 0)) / node.allocatable[name], 1.0)
            for name in ("cpu", "memory")
            if node.allocatable.get(name)
        ]
        deviation = abs(shares[0] - shares[1]) / 2 if len(shares) == 2 else 0.0
        return int((1 - deviation) * MOST)
