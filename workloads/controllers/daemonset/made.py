"""A daemon's pod: its affinity names the node, and the scheduler puts it there (daemon/util: CreatePodTemplate)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, put
from workloads.controllers.daemonset.eligible import tolerations_of
from workloads.controllers.daemonset.placed import GENERATION_LABEL
from workloads.controllers.daemonset.squad import HASH, Squad
from workloads.replicas.making import pod_from

NODE_AFFINITY = "affinity.nodeAffinity"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def daemon(squad: Squad, node: str) -> Body:
    """The pod for this node."""
    labels = {HASH: squad.mark, **({GENERATION_LABEL: squad.generation} if squad.generation else {})}
    pod = pod_from(squad.ds, squad.ds["spec"]["template"], labels)
    rule = {"key": "metadata.name", "operator": "In", "values": [node]}
    # what the template requires of nodes was asked before: this one is named
    named = {**(dig(pod["spec"], NODE_AFFINITY) or {}), REQUIRED: {"nodeSelectorTerms": [{"matchFields": [rule]}]}}
    placed = put(pod["spec"], NODE_AFFINITY, named)
    return {**pod, "spec": {**placed, "tolerations": list(tolerations_of(placed))}}
