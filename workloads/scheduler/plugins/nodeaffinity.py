"""NodeAffinity: nodeSelector and nodeAffinity (Kubernetes: Assigning Pods to Nodes)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from clusters.kinds.body import Body, dig
from clusters.kinds.nodeselectors import REQUIRED, term_holds, wants_node
from workloads.scheduler.framework import NODE_ADDED, NODE_LABELS, Cycle, Filter, PreFilter, Refusal, Score, scaled
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

PREFERRED = "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"


class NodeAffinity(PreFilter, Filter, Score):
    name = "NodeAffinity"
    helped_by = (NODE_ADDED, NODE_LABELS)
    weight = 2
    reason = "node(s) didn't match Pod's node affinity/selector"
    conflict = "pod affinity terms conflict"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        return bool(pod.spec.get("nodeSelector") or dig(pod.spec, REQUIRED))

    def prefilter(self, pod: PodInfo, cycle: Cycle) -> Refusal | Collection[str] | None:
        """Terms that all name their nodes, as a DaemonSet's do: no other node need be looked at."""
        terms = dig(pod.spec, f"{REQUIRED}.nodeSelectorTerms") or ()
        named = [names for names in map(_names, terms) if names is not None]
        if not terms or len(named) < len(terms):
            return None
        found = list(dict.fromkeys(name for names in named for name in names))
        return found or self.refuse(self.conflict, final=True)

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        return None if wanted_by(pod.spec, node) else self.refuse(self.reason, final=True)

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        return bool(dig(pod.spec, PREFERRED))

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        wishes = dig(pod.spec, PREFERRED) or ()
        return sum(wish["weight"] for wish in wishes if term_holds(wish["preference"], node.labels, node.name))

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        return scaled(scores)


def wanted_by(spec: Body, node: NodeInfo) -> bool:
    """The selector and one of the required terms hold for the node."""
    return wants_node(spec, node.labels, node.name)


def _names(term: Body) -> Sequence[str] | None:
    """The nodes that the term names; None where it names none."""
    found: list[str] | None = None
    for rule in term.get("matchFields") or ():
        if rule["key"] == "metadata.name" and rule["operator"] == "In":
            found = [name for name in rule["values"] if found is None or name in found]
    return found
