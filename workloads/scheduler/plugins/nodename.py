"""NodeName: a pod that names its node runs there or nowhere (Kubernetes: nodeName)."""

from __future__ import annotations

from workloads.scheduler.framework import Cycle, Filter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class NodeName(Filter):
    name = "NodeName"
    reason = "node(s) didn't match the requested node name"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return bool(pod.spec.get("nodeName"))

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        return None if pod.spec["nodeName"] == node.name else self.refuse(self.reason, final=True)
