"""PodTopologySpread: pods of one workload apart from each other (Kubernetes: Pod Topology Spread Constraints)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from operator import add
from typing import Any

from clusters.kinds.body import Body
from clusters.kinds.selectors import matches_labels
from clusters.reconcile.tolerations import tolerated
from workloads.scheduler.framework import (
    MOST,
    NODE_ADDED,
    NODE_LABELS,
    NODE_TAINTS,
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
from workloads.scheduler.tallies import Counts, Tally, count_up
from workloads.scheduler.terms import Term, selector_for

HOSTNAME, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
# what holds for a workload that states nothing (defaultingType: System)
DEFAULTS: Sequence[Body] = (
    {"topologyKey": HOSTNAME, "maxSkew": 3, "whenUnsatisfiable": "ScheduleAnyway"},
    {"topologyKey": ZONE, "maxSkew": 5, "whenUnsatisfiable": "ScheduleAnyway"},
)
PLUGIN, MOST_FACTS = "PodTopologySpread", 200
Place = tuple[Any, ...]  # where something is remembered: this plugin, the topology key, ...
Domains = Mapping[str, str]  # of each node that counts, by its name


@dataclass(slots=True)
class Spread:
    """One constraint with the pods that match it, counted in each of the key's domains."""

    key: str
    skew: int
    term: Term
    domains: Domains
    among: int  # how many domains there are
    counts: Counts
    itself: int = 0  # 1 when the pod matches its own constraint
    least_domains: int = 1
    least: int | None = None  # the global minimum, while no count has changed

    @property
    def fewest(self) -> int:
        if self.least is None:
            has_empty = len(self.counts) < self.among or self.among < self.least_domains
            self.least = 0 if has_empty else min(self.counts.values(), default=0)
        return self.least


class PodTopologySpread(Filter, Score):
    name = PLUGIN
    by_template = False
    helped_by = (NODE_ADDED, NODE_LABELS, NODE_TAINTS, POD_GONE, POD_BOUND, POD_LABELS)
    weight = 2
    reason = "node(s) didn't match pod topology spread constraints"
    missing = "node(s) didn't match pod topology spread constraints (missing required label)"

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        hard = _stated(pod, "DoNotSchedule")
        cycle.facts["spread"] = _spreads(hard, pod, cycle) if hard else ()
        return bool(hard)

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        for spread in cycle.facts["spread"]:
            domain = node.labels.get(spread.key)
            if domain is None:
                return self.refuse(self.missing, final=True)
            if spread.counts.get(domain, 0) + spread.itself - spread.fewest > spread.skew:
                return self.refuse(self.reason, final=False)
        return None

    def imagine(self, pod: PodInfo, other: PodInfo, node: NodeInfo, by: int, cycle: Cycle) -> None:
        for spread in cycle.facts["spread"]:
            domain = spread.domains.get(node.name)
            if domain is not None and cycle.tallies.matches(spread.term, other):
                count_up(spread.counts, domain, by)
                spread.least = None

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        stated = bool(pod.spec.get("topologySpreadConstraints"))
        soft = _stated(pod, "ScheduleAnyway") if stated else DEFAULTS
        found = _spreads(soft, pod, cycle, stated=stated) if stated or _has_default(pod, cycle) else []
        # a default counts nowhere where no node has its key
        telling = [one for one in found if stated or one.among]
        cycle.facts["spread scores"] = [(one, _weight(one, nodes)) for one in telling]
        cycle.facts["spread keys"] = [one.key for one in found] if stated else []
        return bool(found)

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        return self.scores(pod, [node], cycle)[0]

    def scores(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        """The pods in the node's domain, weighed; where there are none only the skew counts."""
        totals = [0.0] * len(nodes)
        for spread, weight in cycle.facts["spread scores"]:
            key, base, number = spread.key, spread.skew - 1, spread.counts.get
            points = [
                0.0 if (domain := node.labels.get(key)) is None else number(domain, 0) * weight + base for node in nodes
            ]
            totals = list(map(add, totals, points))
        return list(map(round, totals))

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        """A node that lacks one of the stated keys gets nothing."""
        keys: Sequence[str] = cycle.facts["spread keys"]
        if not keys:
            return _turned(scores, scores)
        lacking = [any(key not in node.labels for key in keys) for node in nodes]
        known = [score for score, lacks in zip(scores, lacking, strict=True) if not lacks]
        return [0 if lacks else score for score, lacks in zip(_turned(scores, known), lacking, strict=True)]


def _turned(scores: Sequence[int], known: Sequence[int]) -> list[int]:
    """The fewest pods are the best; `known` are the scores that are compared."""
    highest, lowest = max(known, default=0), min(known, default=0)
    if not highest:
        return [MOST] * len(scores)
    return [MOST * (highest + lowest - score) // highest for score in scores]


def _stated(pod: PodInfo, when: str) -> Sequence[Body]:
    stated = pod.spec.get("topologySpreadConstraints") or ()
    return [one for one in stated if one.get("whenUnsatisfiable", "DoNotSchedule") == when]


def _has_default(pod: PodInfo, cycle: Cycle) -> bool:
    """The defaults hold for the pods of a workload, and for those that a Service selects."""
    return bool(pod.workload) or _service_term(pod, cycle) is not None


def _spreads(all_of: Sequence[Body], pod: PodInfo, cycle: Cycle, *, stated: bool = True) -> list[Spread]:
    """A node need have all of the keys only where the pod itself states them."""
    keys = [one["topologyKey"] for one in all_of] if stated else []
    return [_counted(one, pod, keys, cycle, stated=stated) for one in all_of]


def _counted(one: Body, pod: PodInfo, keys: Sequence[str], cycle: Cycle, *, stated: bool) -> Spread:
    term = _term(one, pod, cycle, stated=stated)
    place = (PLUGIN, one["topologyKey"], tuple(keys), *_policies(one))
    domains, among = _domains(place, pod, keys, cycle)
    counts = _counts((*place, term), domains, cycle.tallies.tally(term), cycle)
    itself, least = int(cycle.tallies.matches(term, pod)), one.get("minDomains") or 1
    return Spread(one["topologyKey"], one["maxSkew"], term, domains, among, counts, itself, least)


def _term(one: Body, pod: PodInfo, cycle: Cycle, *, stated: bool) -> Term:
    """Pods of the same namespace alone, and none that is about to go."""
    if stated:
        return Term((pod.key.namespace,), selector_for(one, pod.labels), alive=True)
    if pod.workload:
        return Term((pod.key.namespace,), None, alive=True, owner=pod.workload)
    found = _service_term(pod, cycle)
    assert found is not None
    return found


def _service_term(pod: PodInfo, cycle: Cycle) -> Term | None:
    """All Services that select the pod, taken together (helper.DefaultSelector)."""
    services = cycle.view.list("services", pod.key.namespace) if cycle.view else ()
    labels: dict[str, str] = {}
    for service in services:
        selector = service["spec"].get("selector")
        if selector and matches_labels(selector, pod.labels):
            labels.update(selector)
    return Term((pod.key.namespace,), {"matchLabels": labels}, alive=True) if labels else None


def _counts(place: Place, domains: Domains, tally: Tally, cycle: Cycle) -> Counts:
    """By domain: what was counted for the last pod of this template, and what has moved since."""
    known = cycle.memory.facts.get(place)
    if known is None or known[0] != cycle.stand or known[1] is not tally:
        if len(cycle.memory.facts) > MOST_FACTS:
            cycle.memory.facts.clear()
        counts: Counts = {}
        for name, number in tally.counts.items():
            if name in domains:
                count_up(counts, domains[name], number)
    else:
        counts = known[3]
        for name, by in tally.moves[known[2] :]:
            if name in domains:
                count_up(counts, domains[name], by)
    cycle.memory.facts[place] = (cycle.stand, tally, len(tally.moves), counts)
    return counts


def _policies(one: Body) -> tuple[str, str]:
    return one.get("nodeAffinityPolicy", "Honor"), one.get("nodeTaintsPolicy", "Ignore")


def _domains(place: Place, pod: PodInfo, keys: Sequence[str], cycle: Cycle) -> tuple[Domains, int]:
    """By node, and how many there are: remembered while neither a node nor the pod's template is another."""
    key, affinity, taints = place[1], place[3], place[4]
    known = cycle.memory.facts.get(place)
    if known is None or known[0] != cycle.stand:
        found = {
            node.name: node.labels[key]
            for node in cycle.nodes
            if key in node.labels
            and all(other in node.labels for other in keys)
            and _counts_in(affinity, taints, pod, node)
        }
        known = cycle.memory.facts[place] = (cycle.stand, (found, len(set(found.values()))))
    answer: tuple[Domains, int] = known[1]
    return answer


def _counts_in(affinity: str, taints: str, pod: PodInfo, node: NodeInfo) -> bool:
    if affinity == "Honor" and not wanted_by(pod.spec, node):
        return False
    if taints == "Ignore":
        return True
    return all(taint["effect"] == "PreferNoSchedule" or tolerated(taint, pod.spec) for taint in node.taints)


def _weight(spread: Spread, nodes: Sequence[NodeInfo]) -> float:
    """Few large domains weigh less than many small ones (topologyNormalizingWeight)."""
    if spread.key == HOSTNAME:
        return log(len([1 for node in nodes if HOSTNAME in node.labels]) + 2)
    return log(len({node.labels.get(spread.key) for node in nodes} - {None}) + 2)
