"""VolumeZone: a volume that says in its labels where it is can be reached from there alone (Kubernetes: zones)."""

from __future__ import annotations

from collections.abc import Collection

from clusters.kinds.body import Key, labels_of
from workloads.scheduler.claims import claims_of, has_claims
from workloads.scheduler.framework import NODE_ADDED, NODE_LABELS, Change, Cycle, Filter, PreFilter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

ZONES = (
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
)


class VolumeZone(PreFilter, Filter):
    name = "VolumeZone"
    by_template = False
    helped_by = (
        NODE_ADDED,
        NODE_LABELS,
        Change("persistentvolumeclaims", "changed"),
        Change("persistentvolumes", "changed"),
    )
    reason = "node(s) had no available volume zone"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return has_claims(pod.body)

    def prefilter(self, pod: PodInfo, cycle: Cycle) -> Refusal | Collection[str] | None:
        """What is wrong with the claims themselves is VolumeBinding's to say."""
        assert cycle.view is not None
        found = []
        for name, _ in claims_of(pod.body):
            claim = cycle.view.get("persistentvolumeclaims", Key(pod.key.namespace, name))
            volume = claim["spec"].get("volumeName") if claim else None
            pv = cycle.view.get("persistentvolumes", Key("", volume)) if volume else None
            labels = labels_of(pv) if pv else {}
            found += [(label, labels[label].split("__")) for label in ZONES if label in labels]
        cycle.facts[self.name] = found
        return None

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        """A node that says nowhere of itself where it is can reach everything."""
        wanted = cycle.facts[self.name]
        if not wanted or not any(label in node.labels for label in ZONES):
            return None
        here = all(node.labels.get(label) in zones for label, zones in wanted)
        return None if here else self.refuse(self.reason, final=True)
