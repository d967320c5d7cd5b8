"""What an object is, in plain words: a file a kind, and one for all others. Listed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clusters.kinds.body import Body
from clusters.kinds.kind import Kind
from playground.inspector.around import Around
from playground.inspector.summaries.anything import anything
from playground.inspector.summaries.configmap import configmap, secret
from playground.inspector.summaries.cronjob import cronjob
from playground.inspector.summaries.daemonset import daemonset
from playground.inspector.summaries.deployment import deployment
from playground.inspector.summaries.endpointslice import endpointslice
from playground.inspector.summaries.horizontalpodautoscaler import horizontalpodautoscaler
from playground.inspector.summaries.ingress import ingress, ingressclass
from playground.inspector.summaries.job import job
from playground.inspector.summaries.namespace import namespace
from playground.inspector.summaries.networkpolicy import networkpolicy
from playground.inspector.summaries.node import node
from playground.inspector.summaries.persistentvolumeclaim import persistentvolume, persistentvolumeclaim
from playground.inspector.summaries.pod import pod
from playground.inspector.summaries.poddisruptionbudget import poddisruptionbudget
from playground.inspector.summaries.replicaset import replicaset
from playground.inspector.summaries.resourcequota import limitrange, resourcequota
from playground.inspector.summaries.service import service
from playground.inspector.summaries.statefulset import statefulset
from playground.inspector.summaries.traffic import traffic
from playground.inspector.telling import Summary

SUMMARIES: Mapping[str, Callable[[Body, Around], Summary]] = {
    "nodes": node,
    "namespaces": namespace,
    "pods": pod,
    "deployments": deployment,
    "replicasets": replicaset,
    "replicationcontrollers": replicaset,
    "statefulsets": statefulset,
    "daemonsets": daemonset,
    "jobs": job,
    "cronjobs": cronjob,
    "poddisruptionbudgets": poddisruptionbudget,
    "resourcequotas": resourcequota,
    "limitranges": limitrange,
    "horizontalpodautoscalers": horizontalpodautoscaler,
    "services": service,
    "traffic": traffic,
    "endpointslices": endpointslice,
    "ingresses": ingress,
    "ingressclasses": ingressclass,
    "networkpolicies": networkpolicy,
    "configmaps": configmap,
    "secrets": secret,
    "persistentvolumes": persistentvolume,
    "persistentvolumeclaims": persistentvolumeclaim,
}


def summary_of(kind: Kind, body: Body, around: Around) -> Summary:
    return SUMMARIES.get(kind.plural, anything)(body, around)
