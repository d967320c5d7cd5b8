"""PodTopologySpread: pods of one workload apart from each other (Kubernetes: Pod Topology Spread Constraints)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from clusters.kinds.body import Body, is_deleting, labels_of
from clusters.kinds.selectors import matches
from clusters.reconcile.tolerations import tolerated
from workloads.scheduler.framework import (
    MOST,
    NODE_ADDED,
    NODE_LABELS,
    POD_BOUND,
    POD_GONE,
    POD_LABELS,
    Cycle,
    Filter,
    Refusal,
    Score,
)
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.plugins.nodeaffinity import wanted_by
from workloads.scheduler.podinfo import PodInfo

HOSTNAME, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
# what holds for a workload that states nothing (defaultingType: System)
DEFAULTS = ((HOSTNAME, 3), (ZONE, 5))


@dataclass(frozen=True, slots=True)
class Spread:
    """One constraint with the pods that match it, counted in each of the key's domains."""

    key: str
    skew: int
    counts: Counter[str]
    itself: int = 0  # 1 when the pod matches its own constraint
    least_domains: int = 1


class PodTopologySpread(Filter, Score):
    name = "PodTopologySpread"
    by_template = False
    helped_by = (NODE_ADDED, NODE_LABELS, POD_GONE, POD_BOUND, POD_LABELS)
    weight = 2
    reason = "node(s) didn't match pod topology spread constraints"
    missing = "node(s) didn't match pod topology spread constraints (missing required label)"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        hard = _stated(pod, "DoNotSchedule")
        cycle.facts["spread"] = [_counted(one, pod, hard, cycle.nodes) for one in hard]
        return bool(hard)

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        for spread in cycle.facts["spread"]:
            domain = node.labels.get(spread.key)
            if domain is None:
                return self.refuse(self.missing, final=True)
            enough = len(spread.counts) >= spread.least_domains
            least = min(spread.counts.values(), default=0) if enough else 0
            if spread.counts[domain] + spread.itself - least > spread.skew:
                return self.refuse(self.reason, final=False)
        return None

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        soft = _stated(pod, "ScheduleAnyway")
        if pod.spec.get("topologySpreadConstraints"):
            found = [_counted(one, pod, soft, cycle.nodes) for one in soft]
        else:
            found = _by_default(pod, nodes)
        cycle.facts[self.name] = [(one, log(_domains(one, nodes) + 2)) for one in found]
        return bool(found)

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        total = 0.0
        for spread, weight in cycle.facts[self.name]:
            domain = node.labels.get(spread.key)
            if domain is not None:
                total += spread.counts[domain] * weight + spread.skew - 1
        return round(total)

    def normalize(self, scores: list[int]) -> list[int]:
        highest, lowest = max(scores), min(scores)
        if not highest:
            return [MOST] * len(scores)
        return [MOST * (highest + lowest - score) // highest for score in scores]


def _stated(pod: PodInfo, when: str) -> Sequence[Body]:
    stated = pod.spec.get("topologySpreadConstraints") or ()
    return [one for one in stated if one.get("whenUnsatisfiable", "DoNotSchedule") == when]


def _counted(one: Body, pod: PodInfo, all_keys: Sequence[Body], nodes: Sequence[NodeInfo]) -> Spread:
    selector, key = _selector(one, pod), one["topologyKey"]
    counts: Counter[str] = Counter()
    for node in nodes:
        if all(other["topologyKey"] in node.labels for other in all_keys) and _counts_in(one, pod, node):
            counts[node.labels[key]] += sum(_matches(held.body, pod, selector) for held in node.pods.values())
    itself = int(matches(selector, labels_of(pod.body)))
    return Spread(key, one["maxSkew"], counts, itself, one.get("minDomains") or 1)


def _counts_in(one: Body, pod: PodInfo, node: NodeInfo) -> bool:
    if one.get("nodeAffinityPolicy", "Honor") == "Honor" and not wanted_by(pod.spec, node):
        return False
    if one.get("nodeTaintsPolicy", "Ignore") == "Ignore":
        return True
    return all(taint["effect"] == "PreferNoSchedule" or tolerated(taint, pod.spec) for taint in node.taints)


def _selector(one: Body, pod: PodInfo) -> Body:
    labels = labels_of(pod.body)
    same = {name: labels[name] for name in one.get("matchLabelKeys") or () if name in labels}
    selector = one.get("labelSelector") or {}
    return {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), **same}} if same else selector


def _matches(body: Body, pod: PodInfo, selector: Body) -> bool:
    alike = body["metadata"].get("namespace") == pod.key.namespace and not is_deleting(body)
    return alike and matches(selector, labels_of(body))


def _by_default(pod: PodInfo, nodes: Sequence[NodeInfo]) -> list[Spread]:
    """A controller's pods spread over nodes and zones without being told."""
    if not pod.workload:
        return []
    found = []
    for key, skew in DEFAULTS:
        counts: Counter[str] = Counter()
        for node in nodes:
            if key in node.labels:
                counts[node.labels[key]] += node.workloads[pod.workload]
        if counts:
            found.append(Spread(key, skew, counts))
    return found


def _domains(spread: Spread, nodes: Sequence[NodeInfo]) -> int:
    return len(nodes) if spread.key == HOSTNAME else len(spread.counts)
