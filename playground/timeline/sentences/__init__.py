"""From a change to a plain sentence, or None for what would only be noise. A file a kind, listed by hand.

Where it begins with a verb, the actor stands before it: "replicaset-controller" + "made web-x7k2p: ...".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playground.timeline.line import Happened, Sentence
from playground.timeline.sentences.anything import anything
from playground.timeline.sentences.daemonset import daemonset
from playground.timeline.sentences.deployment import deployment, replicaset
from playground.timeline.sentences.fault import fault
from playground.timeline.sentences.ingress import ingress
from playground.timeline.sentences.job import cronjob, job
from playground.timeline.sentences.node import node
from playground.timeline.sentences.persistentvolumeclaim import persistentvolume, persistentvolumeclaim
from playground.timeline.sentences.pod import pod
from playground.timeline.sentences.poddisruptionbudget import poddisruptionbudget
from playground.timeline.sentences.service import endpointslice, service
from playground.timeline.sentences.statefulset import statefulset
from playground.timeline.sentences.traffic import traffic

Told = tuple[Sentence, str] | None  # the sentence and its tone

SENTENCES: Mapping[str, Callable[[Happened], Told]] = {
    "pods": pod,
    "nodes": node,
    "deployments": deployment,
    "replicasets": replicaset,
    "replicationcontrollers": replicaset,
    "statefulsets": statefulset,
    "daemonsets": daemonset,
    "jobs": job,
    "cronjobs": cronjob,
    "poddisruptionbudgets": poddisruptionbudget,
    "services": service,
    "endpointslices": endpointslice,
    "ingresses": ingress,
    "ingressclasses": anything,
    "faults": fault,
    "traffic": traffic,
    "namespaces": anything,
    "configmaps": anything,
    "secrets": anything,
    "persistentvolumes": persistentvolume,
    "persistentvolumeclaims": persistentvolumeclaim,
    "storageclasses": anything,
    "resourcequotas": anything,
    "limitranges": anything,
    "priorityclasses": anything,
}
RESOURCES = tuple(sorted(SENTENCES))


def told(happened: Happened) -> Told:
    tell = SENTENCES.get(happened.resource)
    return tell(happened) if tell else None
