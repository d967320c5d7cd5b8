"""ContainerCrash: a container's main process dies (Kubernetes: restartPolicy, CrashLoopBackOff)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CONTAINER_CRASH = FaultType(
    "ContainerCrash",
    target="container",
    group="Containers",
    title="Crash a container",
    moment=True,
    happens="The container's main process dies once, of an error of its own (exit code 1).",
    look_for="The kubelet restarts it as restartPolicy says, after a wait that doubles when it happens again.",
    heals="Nothing to heal: it fires once. The restart is the healing.",
)
