"""The components and admission steps of networking, in the order in which they run."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kernel import Network
from clusters.reconcile.component import Component
from clusters.reconcile.message import Handler
from networking.controllers import endpoints, endpointslice, endpointslicemirroring, kubernetesservice, service
from networking.ingress import defaultclass, syncing, webhook
from networking.ipam import STEP
from networking.network import carrying
from networking.proxy import node, programming
from networking.traffic import generator

MANAGER = "kube-controller-manager"

COMPONENTS: tuple[Component, ...] = (
    Component(node.CONTROLLER, node.reconcile, turn=20),
    Component(endpointslice.CONTROLLER, endpointslice.reconcile, MANAGER, patient=True),
    Component(endpoints.CONTROLLER, endpoints.reconcile, MANAGER, patient=True),
    Component(endpointslicemirroring.CONTROLLER, endpointslicemirroring.reconcile, MANAGER),
    Component(service.CONTROLLER, service.reconcile, MANAGER),
    Component(kubernetesservice.CONTROLLER, kubernetesservice.reconcile),
    Component(syncing.CONTROLLER, syncing.reconcile),
    Component(programming.CONTROLLER, programming.reconcile, turn=80),
    Component(generator.CONTROLLER, generator.reconcile, turn=95),
)
ADMISSION: tuple[Step, ...] = (defaultclass.STEP, webhook.STEP, STEP)
HANDLERS: tuple[Handler, ...] = ()
NETWORK: Network = carrying.NETWORK
