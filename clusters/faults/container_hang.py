"""ContainerHang: a process that is deadlocked (Kubernetes: liveness probes)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CONTAINER_HANG = FaultType(
    "ContainerHang",
    target="container",
    group="Containers",
    title="Hang a container",
    happens="The process stays and accepts connections, and answers nothing any more. A restart frees it.",
    look_for="The pod is Running all the time. httpGet probes time out: readiness takes it out of its Services, "
    "liveness restarts it. tcpSocket probes notice nothing.",
    heals="A restart of the container, or delete the fault.",
)
