"""SchedulerDown: kube-scheduler crashes at each start (Kubernetes: static Pods, kube-scheduler)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

SCHEDULER_DOWN = FaultType(
    "SchedulerDown",
    target="cluster",
    group="Control plane",
    title="Scheduler down",
    part="kube-scheduler",
    happens="The process of kube-scheduler dies, and again at each start.",
    look_for="What runs goes on. New pods stay Pending without an event, since nobody is there who would say why.",
    heals="Delete the fault: it starts when its back-off is over, and all waiting pods get their nodes.",
)
