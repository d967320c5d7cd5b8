"""VolumeRestrictions: a claim that is ReadWriteOncePod has one pod at a time (Kubernetes: Access Modes)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from clusters.kinds.accessmodes import ONE_POD
from clusters.kinds.body import Key, dig
from workloads.scheduler.claims import claims_of, has_claims
from workloads.scheduler.framework import NODE_ADDED, POD_GONE, Change, Cycle, Filter, PreFilter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class VolumeRestrictions(PreFilter, Filter):
    name = "VolumeRestrictions"
    by_template = False
    helped_by = (NODE_ADDED, POD_GONE, Change("persistentvolumeclaims", "changed"))
    reason = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return has_claims(pod.body)

    def prefilter(self, pod: PodInfo, cycle: Cycle) -> Refusal | Collection[str] | None:
        own = _exclusive(pod, cycle)
        holders = [
            other
            for node in (cycle.nodes if own else ())
            for other in node.pods.values()
            if other.key != pod.key and _shares(other, pod, own)
        ]
        cycle.facts[self.name] = {"claims": own, "count": len(holders)}
        return None

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        return self.refuse(self.reason, final=False) if cycle.facts[self.name]["count"] > 0 else None

    def imagine(self, pod: PodInfo, other: PodInfo, node: NodeInfo, by: int, cycle: Cycle) -> None:
        facts = cycle.facts[self.name]
        if _shares(other, pod, facts["claims"]):
            facts["count"] += by


def _exclusive(pod: PodInfo, cycle: Cycle) -> Sequence[str]:
    assert cycle.view is not None
    found = []
    for name, _ in claims_of(pod.body):
        claim = cycle.view.get("persistentvolumeclaims", Key(pod.key.namespace, name))
        if ONE_POD in (dig(claim, "spec.accessModes") or ()):
            found.append(name)
    return found


def _shares(other: PodInfo, pod: PodInfo, claims: Sequence[str]) -> bool:
    """Whether it has one of the pod's claims."""
    return other.key.namespace == pod.key.namespace and any(name in claims for name, _ in claims_of(other.body))
