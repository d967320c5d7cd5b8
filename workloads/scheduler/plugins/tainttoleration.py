"""TaintToleration: a node's taints keep away pods that do not tolerate them (Kubernetes: Taints and Tolerations)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.reconcile.tolerations import tolerated
from workloads.scheduler.framework import NODE_ADDED, NODE_TAINTS, Cycle, Filter, Refusal, Score, scaled
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class TaintToleration(Filter, Score):
    name = "TaintToleration"
    helped_by = (NODE_ADDED, NODE_TAINTS)
    weight = 3

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        for taint in node.taints:
            if taint["effect"] != "PreferNoSchedule" and not tolerated(taint, pod.spec):
                shown = f"{{{taint['key']}: {taint.get('value') or ''}}}"
                return self.refuse(f"node(s) had untolerated taint {shown}", final=True)
        return None

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        return any(self.score(pod, node, cycle) for node in nodes if node.taints)

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        soft = (taint for taint in node.taints if taint["effect"] == "PreferNoSchedule")
        return sum(not tolerated(taint, pod.spec) for taint in soft)

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        return scaled(scores, reverse=True)
