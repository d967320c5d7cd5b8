"""NodePorts: two pods cannot have the same port of one node (Kubernetes: hostPort)."""

from __future__ import annotations

from workloads.scheduler.framework import NODE_ADDED, POD_GONE, Cycle, Filter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo, Port

ANY = "0.0.0.0"  # an address to listen on, not one to connect to


class NodePorts(Filter):
    name = "NodePorts"
    helped_by = (NODE_ADDED, POD_GONE)
    reason = "node(s) didn't have free ports for the requested pod ports"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return bool(pod.ports)

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        clash = any(_clash(mine, other) for mine in pod.ports for other in node.ports)
        return self.refuse(self.reason, final=False) if clash else None


def _clash(mine: Port, other: Port) -> bool:
    return mine[1:] == other[1:] and (mine[0] == other[0] or ANY in (mine[0], other[0]))
