"""The components and admission steps of clusters, in the order in which they run."""

from __future__ import annotations

from clusters.admission import STEPS
from clusters.admission.step import Step
from clusters.controllers import (
    diskprovisioner,
    ephemeralvolume,
    event,
    fault,
    garbagecollector,
    namespace,
    nodeipam,
    nodelifecycle,
    persistentvolume,
    persistentvolumebinder,
    podgc,
    pvcprotection,
    pvprotection,
    resourcequota,
    rootcacertpublisher,
    serviceaccount,
    serviceaccounttoken,
    tainteviction,
)
from clusters.reconcile import outside
from clusters.reconcile.component import Component
from clusters.reconcile.message import Handler

MANAGER = "kube-controller-manager"

COMPONENTS: tuple[Component, ...] = (
    Component(fault.CONTROLLER, fault.reconcile),
    Component(event.CONTROLLER, event.reconcile),
    Component(namespace.CONTROLLER, namespace.reconcile, MANAGER),
    Component(serviceaccount.CONTROLLER, serviceaccount.reconcile, MANAGER),
    Component(serviceaccounttoken.CONTROLLER, serviceaccounttoken.reconcile, MANAGER),
    Component(rootcacertpublisher.CONTROLLER, rootcacertpublisher.reconcile, MANAGER),
    # who greets a new node comes before who gives it its pod range
    Component(nodelifecycle.CONTROLLER, nodelifecycle.reconcile, MANAGER),
    Component(nodeipam.CONTROLLER, nodeipam.reconcile, MANAGER),
    Component(tainteviction.CONTROLLER, tainteviction.reconcile, MANAGER),
    Component(podgc.CONTROLLER, podgc.reconcile, MANAGER),
    Component(ephemeralvolume.CONTROLLER, ephemeralvolume.reconcile, MANAGER),
    Component(persistentvolumebinder.CONTROLLER, persistentvolumebinder.reconcile, MANAGER),
    Component(diskprovisioner.CONTROLLER, diskprovisioner.reconcile),  # like a storage system, it is outside
    Component(persistentvolume.CONTROLLER, persistentvolume.reconcile, MANAGER),
    Component(pvcprotection.CONTROLLER, pvcprotection.reconcile, MANAGER),
    Component(pvprotection.CONTROLLER, pvprotection.reconcile, MANAGER),
    Component(resourcequota.CONTROLLER, resourcequota.reconcile, MANAGER, patient=True),
    Component(garbagecollector.CONTROLLER, garbagecollector.reconcile, MANAGER),
)
ADMISSION: tuple[Step, ...] = STEPS
HANDLERS: tuple[Handler, ...] = (outside.HANDLER,)
