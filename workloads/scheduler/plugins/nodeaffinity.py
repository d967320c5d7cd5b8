"""NodeAffinity: nodeSelector and nodeAffinity (Kubernetes: Assigning Pods to Nodes)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from clusters.kinds.body import Body, dig
from clusters.kinds.number import whole_number
from clusters.kinds.selectors import matches_labels
from workloads.scheduler.framework import NODE_ADDED, NODE_LABELS, Cycle, Filter, PreFilter, Refusal, Score, scaled
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

REQUIRED = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
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
        return sum(wish["weight"] for wish in wishes if _term_holds(wish["preference"], node))

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        return scaled(scores)


def wanted_by(spec: Body, node: NodeInfo) -> bool:
    """The selector and one of the required terms hold for the node."""
    if not matches_labels(spec.get("nodeSelector") or {}, node.labels):
        return False
    required = dig(spec, REQUIRED)
    return required is None or any(_term_holds(term, node) for term in required.get("nodeSelectorTerms") or ())


def _names(term: Body) -> Sequence[str] | None:
    """The nodes that the term names; None where it names none."""
    found: list[str] | None = None
    for rule in term.get("matchFields") or ():
        if rule["key"] == "metadata.name" and rule["operator"] == "In":
            found = [name for name in rule["values"] if found is None or name in found]
    return found


def _term_holds(term: Body, node: NodeInfo) -> bool:
    """An empty term matches nothing."""
    labels, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not labels and not fields:
        return False
    on_labels = all(_holds(rule, node.labels.get(rule["key"])) for rule in labels)
    return on_labels and all(_holds(rule, node.name) for rule in fields if rule["key"] == "metadata.name")


def _holds(rule: Body, value: str | None) -> bool:
    operator: str = rule["operator"]
    values: Sequence[str] = rule.get("values") or []
    if operator == "In":
        return value in values
    if operator == "NotIn":
        return value not in values
    if operator in ("Gt", "Lt"):
        return _compares(operator, value, values[0])
    return (value is not None) == (operator == "Exists")


def _compares(operator: str, value: str | None, bound: str) -> bool:
    held, limit = whole_number(value or ""), whole_number(bound)
    if held is None or limit is None:
        return False
    return held > limit if operator == "Gt" else held < limit
