"""The ReplicaSet for a pod template: its hash, its name, whether one fits (deployment_util: EqualIgnoreHash)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, owner_reference, put
from workloads.controllers.deployment.rollout import oldest_first, sized
from workloads.replicas.hashing import template_hash

HASH = "pod-template-hash"


def fitting(deployment: Body, sets: Sequence[Body]) -> Body | None:
    """The oldest ReplicaSet with the Deployment's template."""
    template = _bare(deployment["spec"]["template"])
    return next((rs for rs in oldest_first(sets) if _bare(rs["spec"]["template"]) == template), None)


def replicaset_for(deployment: Body, collisions: int, size: int) -> Body:
    """A new ReplicaSet with the Deployment's template, not yet numbered."""
    template = deployment["spec"]["template"]
    mark = template_hash(template, collisions)
    labels = {**((template.get("metadata") or {}).get("labels") or {}), HASH: mark}
    selector = deployment["spec"]["selector"]
    chosen = {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH: mark}}
    home = deployment["metadata"]
    metadata = {
        "name": f"{home['name']}-{mark}",
        "namespace": home["namespace"],
        "labels": labels,
        "ownerReferences": [owner_reference(deployment)],
    }
    spec = {"selector": chosen, "template": put(template, "metadata.labels", labels)}
    if deployment["spec"].get("minReadySeconds"):
        spec["minReadySeconds"] = deployment["spec"]["minReadySeconds"]
    made = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata, "spec": spec}
    return sized(made, size, deployment)


def _bare(template: Body) -> Body:
    metadata = template.get("metadata") or {}
    labels = {name: value for name, value in (metadata.get("labels") or {}).items() if name != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}
