"""VolumeBinding: a pod runs where its volumes are, or can be made (Kubernetes: Volume Binding Mode)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from clusters.kinds.body import Body, Key, annotations_of, controller_of, dig, is_deleting, put
from clusters.kinds.nodeselectors import selects_node
from clusters.kinds.persistentvolume import COMPLETED, NO_PROVISIONER, SELECTED_NODE
from clusters.kinds.problem import Status
from clusters.kinds.storageclass import WAIT
from clusters.kinds.volumematching import best, claimed_by, smallest
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update
from workloads.scheduler.claims import claims_of, has_claims
from workloads.scheduler.framework import (
    NODE_ADDED,
    NODE_LABELS,
    Change,
    Cycle,
    Filter,
    PreBind,
    PreFilter,
    Refusal,
    Step,
)
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

Matches = Mapping[str, Body]  # claim's name -> the free volume it would get


@dataclass(slots=True)
class Wanted:
    """The pod's claims: the volumes of those that are bound (None: it is gone), and those that wait for a node."""

    bound: list[Body | None] = field(default_factory=list)
    waiting: list[Body] = field(default_factory=list)


class VolumeBinding(PreFilter, Filter, PreBind):
    name = "VolumeBinding"
    by_template = False
    helped_by = (
        NODE_ADDED,
        NODE_LABELS,
        Change("persistentvolumeclaims", "changed"),
        Change("persistentvolumes", "changed"),
        Change("storageclasses", "changed"),
    )
    immediate = "pod has unbound immediate PersistentVolumeClaims"
    conflict = "node(s) had volume node affinity conflict"
    none_to_bind = "node(s) didn't find available persistent volumes to bind"
    gone = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return has_claims(pod.body)

    def prefilter(self, pod: PodInfo, cycle: Cycle) -> Refusal | Collection[str] | None:
        assert cycle.view is not None
        wanted = Wanted()
        for name, own in claims_of(pod.body):
            claim = cycle.view.get("persistentvolumeclaims", Key(pod.key.namespace, name))
            if wrong := _unusable(claim, name, own, pod):
                return self.refuse(wrong, final=True)
            assert claim is not None
            if COMPLETED in annotations_of(claim):
                wanted.bound.append(cycle.view.get("persistentvolumes", Key("", claim["spec"]["volumeName"])))
            elif _waits(claim, cycle.view):
                wanted.waiting.append(claim)
            else:
                return self.refuse(self.immediate, final=True)
        cycle.facts[self.name] = wanted
        return None

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        wanted: Wanted = cycle.facts[self.name]
        if any(pv is None for pv in wanted.bound):
            return self.refuse(self.gone, final=True)
        if not all(_reaches(pv, node) for pv in wanted.bound if pv is not None):
            return self.refuse(self.conflict, final=True)
        if wanted.waiting and _matches(wanted.waiting, node, cycle) is None:
            return self.refuse(self.none_to_bind, final=True)
        return None

    def prebind(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Step:
        """What waited for a node is bound for this one, or made for it; until that is so the pod holds its place."""
        if self.name not in cycle.facts:
            return True
        wanted: Wanted = cycle.facts[self.name]
        found = _matches(wanted.waiting, node, cycle) or {}
        for claim in wanted.waiting:
            pv = found.get(claim["metadata"]["name"])
            if pv is not None:
                answer = yield Update("persistentvolumes", claimed_by(pv, claim), pod.body, f"It is for {node.name}.")
            else:
                notes = {**annotations_of(claim), SELECTED_NODE: node.name}
                chosen = put(claim, "metadata.annotations", notes)
                answer = yield Update("persistentvolumeclaims", chosen, pod.body, f"Its pod comes to {node.name}.")
            if isinstance(answer, Status):
                return False
        return not wanted.waiting


def _unusable(claim: Body | None, name: str, own: bool, pod: PodInfo) -> str:
    """Why the pod cannot have the claim."""
    if claim is None:
        told = f'persistentvolumeclaim "{name}"'
        return f"waiting for ephemeral volume controller to create the {told}" if own else f"{told} not found"
    if dig(claim, "status.phase") == "Lost":
        volume = claim["spec"].get("volumeName") or ""
        return f'persistentvolumeclaim "{name}" bound to non-existent persistentvolume "{volume}"'
    if is_deleting(claim):
        return f'persistentvolumeclaim "{name}" is being deleted'
    owner = controller_of(claim) if own else None
    if own and (owner is None or owner["uid"] != pod.uid):
        return f"PVC {pod.key.namespace}/{name} was not created for pod {pod.key} (pod is not owner)"
    return ""


def _waits(claim: Body, view: View) -> bool:
    storage = view.get("storageclasses", Key("", claim["spec"].get("storageClassName") or ""))
    return storage is not None and storage.get("volumeBindingMode") == WAIT


def _reaches(pv: Body, node: NodeInfo) -> bool:
    required = dig(pv, "spec.nodeAffinity.required")
    return required is None or selects_node(required, node.labels, node.name)


def _matches(claims: Sequence[Body], node: NodeInfo, cycle: Cycle) -> Matches | None:
    """For each claim a free volume on this node, or that one can be made here; None when one of them gets nothing."""
    assert cycle.view is not None
    free = [pv for pv in cycle.view.list("persistentvolumes") if _reaches(pv, node)]
    found: dict[str, Body] = {}
    for claim in claims:
        chosen = annotations_of(claim).get(SELECTED_NODE)
        pv = None if chosen else best(claim, free, waits=True) or smallest(claim, free)
        if pv is not None:
            found[claim["metadata"]["name"]] = pv
            free = [other for other in free if other is not pv]
        elif chosen not in (None, node.name) or not _can_be_made(claim, node, cycle.view):
            return None
    return found


def _can_be_made(claim: Body, node: NodeInfo, view: View) -> bool:
    """Its class has a provisioner, for this part of the cluster."""
    storage = view.get("storageclasses", Key("", claim["spec"].get("storageClassName") or ""))
    if storage is None or storage["provisioner"] == NO_PROVISIONER or claim["spec"].get("selector"):
        return False
    wanted = [
        all(node.labels.get(rule["key"]) in rule["values"] for rule in term.get("matchLabelExpressions") or ())
        for term in storage.get("allowedTopologies") or ()
    ]
    return any(wanted) if wanted else True
