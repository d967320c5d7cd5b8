"""NodeCrash: the machine loses power (Kubernetes: Node heartbeats, taint-based eviction)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

NODE_CRASH = FaultType(
    "NodeCrash",
    target="node",
    group="Machines",
    title="Kill a machine",
    happens="The machine loses power: its processes and their memory are gone, its disk stays.",
    look_for="Its lease is not renewed; after the grace period the node is NotReady and tainted, and when their "
    "toleration ends its pods are deleted and replaced elsewhere.",
    heals="Delete the fault: the machine boots, and its containers start again with one restart more.",
)
