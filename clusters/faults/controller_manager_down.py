"""ControllerManagerDown: kube-controller-manager crashes at each start (Kubernetes: control loops)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CONTROLLER_MANAGER_DOWN = FaultType(
    "ControllerManagerDown",
    target="cluster",
    group="Control plane",
    title="Controllers down",
    part="kube-controller-manager",
    happens="The process of kube-controller-manager dies, and again at each start.",
    look_for="What runs goes on, and nothing heals: deleted pods are not replaced, dead nodes not noticed, Services "
    "not brought up to date.",
    heals="Delete the fault: it starts when its back-off is over, looks at everything, and puts it right.",
)
