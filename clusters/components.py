"""The components and admission steps of clusters, in the order in which they run."""

from __future__ import annotations

from clusters.admission import STEPS
from clusters.admission.step import Step
from clusters.controllers import nodeipam, nodelifecycle, tainteviction
from clusters.reconcile.component import Component

MANAGER = "kube-controller-manager"

COMPONENTS: tuple[Component, ...] = (
    Component(nodelifecycle.CONTROLLER, nodelifecycle.reconcile, MANAGER),
    Component(nodeipam.CONTROLLER, nodeipam.reconcile, MANAGER),
    Component(tainteviction.CONTROLLER, tainteviction.reconcile, MANAGER),
)
ADMISSION: tuple[Step, ...] = STEPS
