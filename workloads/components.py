"""The components and admission steps of workloads, in the order in which they run."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.reconcile.component import Component
from clusters.reconcile.message import Handler
from workloads.controllers import (
    cronjob,
    daemonset,
    deployment,
    disruption,
    horizontalpodautoscaler,
    job,
    replicaset,
    replicationcontroller,
    statefulset,
    ttlafterfinished,
)
from workloads.kubelet import containers, eviction, kubelet, lease, machine, manifests, metrics, mirror, node, sessions
from workloads.scheduler import scheduler

MANAGER = "kube-controller-manager"

COMPONENTS: tuple[Component, ...] = (
    Component(machine.CONTROLLER, machine.reconcile, turn=10),
    Component(node.CONTROLLER, node.reconcile, turn=10),
    Component(lease.CONTROLLER, lease.reconcile, turn=10),
    Component(eviction.CONTROLLER, eviction.reconcile, turn=10),
    Component(mirror.CONTROLLER, mirror.reconcile, turn=10),
    Component(manifests.CONTROLLER, manifests.reconcile, turn=10),
    Component(kubelet.CONTROLLER, kubelet.reconcile, turn=90),
    Component(horizontalpodautoscaler.CONTROLLER, horizontalpodautoscaler.reconcile, MANAGER),
    Component(cronjob.CONTROLLER, cronjob.reconcile, MANAGER),
    Component(job.CONTROLLER, job.reconcile, MANAGER, patient=True),
    Component(ttlafterfinished.CONTROLLER, ttlafterfinished.reconcile, MANAGER),
    Component(disruption.CONTROLLER, disruption.reconcile, MANAGER, patient=True),
    Component(deployment.CONTROLLER, deployment.reconcile, MANAGER, patient=True),
    Component(replicaset.CONTROLLER, replicaset.reconcile, MANAGER, patient=True),
    Component(replicationcontroller.CONTROLLER, replicationcontroller.reconcile, MANAGER, patient=True),
    Component(statefulset.CONTROLLER, statefulset.reconcile, MANAGER, patient=True),
    Component(daemonset.CONTROLLER, daemonset.reconcile, MANAGER, patient=True),
    Component(scheduler.CONTROLLER, scheduler.reconcile, "kube-scheduler"),
)
ADMISSION: tuple[Step, ...] = ()
HANDLERS: tuple[Handler, ...] = (sessions.HANDLER,)
CONTAINERS = containers.CONTAINERS
METRICS = metrics.METRICS
