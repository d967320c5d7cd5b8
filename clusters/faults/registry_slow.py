"""RegistrySlow: pulls take long (Kubernetes: images, serialized pulls)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

REGISTRY_SLOW = FaultType(
    "RegistrySlow",
    target="nodes",
    group="Images and rollouts",
    title="Image registry slow",
    happens="Every pull takes ten times as long, and at least 30 seconds.",
    look_for="New pods stay in ContainerCreating, one pull after the other; a rollout may pass its progress deadline.",
    heals="Delete the fault: pulls that begin afterwards are quick.",
)
