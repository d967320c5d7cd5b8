"""NodePartition: packets between two sets of nodes are lost (Kubernetes: Nodes, unreachable nodes)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

NODE_PARTITION = FaultType(
    "NodePartition",
    target="node",
    group="Network",
    title="Cut a machine off",
    options=("from",),
    happens="No packet passes between these nodes and the control plane (or the nodes in spec.from). Their pods run "
    "on.",
    look_for="The API says Unknown and evicts the pods, while they still run and serve: nobody can tell their kubelet. "
    "A StatefulSet waits, since the old pod may still be there.",
    heals="Delete the fault: the kubelet hears what was deleted and ends it; its node is Ready with its next report.",
)
