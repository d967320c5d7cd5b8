"""RegistryDown: nodes reach no registry (Kubernetes: ImagePullBackOff, imagePullPolicy)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

REGISTRY_DOWN = FaultType(
    "RegistryDown",
    target="nodes",
    group="Images and rollouts",
    title="Image registry down",
    happens="The nodes (all, or those you choose) cannot reach any registry. What was pulled before stays on "
    "their disks.",
    look_for="Pods with a new image wait in ImagePullBackOff; those whose image is there start, unless their "
    "imagePullPolicy is Always.",
    heals="Delete the fault: the next attempt, after the back-off, succeeds.",
)
