"""NodeUnschedulable: no pods for a cordoned node, unless they tolerate it (Kubernetes: cordon)."""

from __future__ import annotations

from clusters.reconcile.tolerations import tolerated
from workloads.scheduler.framework import NODE_ADDED, NODE_TAINTS, Cycle, Filter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

CORDON = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


class NodeUnschedulable(Filter):
    name = "NodeUnschedulable"
    helped_by = (NODE_ADDED, NODE_TAINTS)
    reason = "node(s) were unschedulable"

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        if not node.unschedulable or tolerated(CORDON, pod.spec):
            return None
        return self.refuse(self.reason, final=True)
