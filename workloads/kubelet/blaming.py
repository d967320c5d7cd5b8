"""Why a pod's status is another than before, where it is not the pod itself: the cause that the log keeps.

No Kubernetes concept: DESIGN, "Every change has an actor and a cause".
"""

from __future__ import annotations

from clusters.kinds.body import Body, Key
from clusters.reconcile.view import View
from workloads.kubelet.work import Work

# what can make a probe fail, the nearest first
AT_POD = ("ProbeFailure", "ProbeFlapping", "ContainerHang", "CPUHog", "SlowStart", "PacketLoss", "NetworkLatency")
AT_NODE = ("SlowNode", "PacketLoss", "NetworkLatency")
PRESSING = {"MemoryPressure": "MemoryPressure", "DiskPressure": "DiskFull", "PIDPressure": "PIDPressure"}
PULLING = ("RegistryDown", "RegistrySlow", "SlowNode")


def of_probe(work: Work) -> Body | None:
    """The fault because of which a probe fails."""
    metadata = work.pod["metadata"]
    target = {"namespace": metadata["namespace"], "pod": metadata["name"]}
    found = (work.view.hit_by(type_, **target) for type_ in AT_POD)
    at_node = (work.view.hit_by(type_, node=work.node) for type_ in AT_NODE)
    return next((fault for fault in (*found, *at_node) if fault is not None), None)


def of_pull(work: Work) -> Body | None:
    """The fault because of which an image does not come."""
    return next((fault for type_ in PULLING if (fault := work.view.hit_by(type_, node=work.node))), None)


def of_pressure(condition: str, node: str, view: View) -> Body | None:
    """The fault because of which a machine runs short."""
    return view.hit_by(PRESSING[condition], node=node)


def named(fault: Body | None) -> str:
    """What is kept in a sandbox of a fault whose effect comes later."""
    return str(fault["metadata"]["name"]) if fault else ""


def again(name: str | None, view: View) -> Body | None:
    """The fault of that name, while it is there."""
    return view.get("faults", Key("", name)) if name else None
