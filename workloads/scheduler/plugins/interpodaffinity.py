"""InterPodAffinity: near some pods, away from others (Kubernetes: Inter-pod affinity and anti-affinity)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workloads.scheduler.framework import (
    MOST,
    NODE_ADDED,
    NODE_LABELS,
    POD_BOUND,
    POD_GONE,
    POD_LABELS,
    Change,
    Cycle,
    Filter,
    Refusal,
    Score,
)
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.terms import AVOIDS, LIKES, NEEDS, Held

Places = dict[str, dict[str, int]]  # pods by topology key and the key's value; none that is zero


@dataclass(slots=True)
class Neighbours:
    """Pods by the place in which they are: those that all my terms need, those I avoid, those that avoid me."""

    needs: Sequence[Held]
    avoids: Sequence[Held]
    needed: Places = field(default_factory=dict)
    avoided: Places = field(default_factory=dict)
    avoiding: Places = field(default_factory=dict)


class InterPodAffinity(Filter, Score):
    name = "InterPodAffinity"
    by_template = False
    helped_by = (NODE_ADDED, NODE_LABELS, POD_GONE, POD_BOUND, POD_LABELS, Change("namespaces", "changed"))
    weight = 2
    unmatched = "node(s) didn't match pod affinity rules"
    too_near = "node(s) didn't match pod anti-affinity rules"
    unwelcome = "node(s) didn't satisfy existing pods anti-affinity rules"
    hard_weight = 1  # hardPodAffinityWeight: what a neighbour's requirement adds to the score

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        needs = [held for held in pod.terms if held.wish == NEEDS]
        avoids = [held for held in pod.terms if held.wish == AVOIDS]
        unwelcome = [
            held for held in cycle.tallies.held if held.wish == AVOIDS and cycle.tallies.matches(held.term, pod)
        ]
        if not needs and not avoids and not unwelcome:
            cycle.facts[self.name] = Neighbours((), ())
            return bool(cycle.nominated)  # they may want to be alone
        found = cycle.facts[self.name] = Neighbours(needs, avoids)
        labels = _labels(cycle)
        if needs:
            _place(found.needed, needs, cycle.tallies.matching_all([held.term for held in needs]), 1, labels)
        for held in avoids:
            _place(found.avoided, [held], cycle.tallies.matching(held.term), 1, labels)
        for held in unwelcome:
            _place(found.avoiding, [held], cycle.tallies.held[held], 1, labels)
        return True

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        found: Neighbours = cycle.facts[self.name]
        if found.needs and not _is_near(pod, found, node, cycle):
            return self.refuse(self.unmatched, final=True)
        if found.avoided and _is_in(found.avoided, node):
            return self.refuse(self.too_near, final=False)
        if found.avoiding and _is_in(found.avoiding, node):
            return self.refuse(self.unwelcome, final=False)
        return None

    def imagine(self, pod: PodInfo, other: PodInfo, node: NodeInfo, by: int, cycle: Cycle) -> None:
        found: Neighbours = cycle.facts[self.name]
        labels, matches = {node.name: node.labels}, cycle.tallies.matches
        if found.needs and all(matches(held.term, other) for held in found.needs):
            _place(found.needed, found.needs, {node.name: 1}, by, labels)
        for held in found.avoids:
            if matches(held.term, other):
                _place(found.avoided, [held], {node.name: 1}, by, labels)
        for held in other.terms:
            if held.wish == AVOIDS and matches(held.term, pod):
                _place(found.avoiding, [held], {node.name: 1}, by, labels)

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        liked: Places = {}
        labels = _labels(cycle)
        for held in pod.terms:
            if held.wish == LIKES:
                _place(liked, [held], cycle.tallies.matching(held.term), held.weight, labels)
        for held, counts in cycle.tallies.held.items():
            weight = {NEEDS: self.hard_weight, LIKES: held.weight}.get(held.wish, 0)
            if weight and cycle.tallies.matches(held.term, pod):
                _place(liked, [held], counts, weight, labels)
        cycle.facts["liked"] = liked
        return bool(liked)

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        liked: Places = cycle.facts["liked"]
        return sum(values.get(node.labels.get(topology, ""), 0) for topology, values in liked.items())

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        lowest, span = min(scores), max(scores) - min(scores)
        return [int(MOST * ((score - lowest) / span)) if span else 0 for score in scores]


def _is_near(pod: PodInfo, found: Neighbours, node: NodeInfo, cycle: Cycle) -> bool:
    """Each term's pods are in the node's domain; the first of a series that need each other may go anywhere."""
    if any(held.topology not in node.labels for held in found.needs):
        return False
    if all(node.labels[held.topology] in found.needed.get(held.topology, ()) for held in found.needs):
        return True
    return not found.needed and all(cycle.tallies.matches(held.term, pod) for held in found.needs)


def _is_in(places: Places, node: NodeInfo) -> bool:
    for topology, values in places.items():  # noqa: SIM110 - asked of every node, and twice as fast so
        if node.labels.get(topology) in values:
            return True
    return False


def _labels(cycle: Cycle) -> Mapping[str, Mapping[str, str]]:
    """Of the nodes that exist, by their names."""
    known = cycle.memory.facts.get("InterPodAffinity")
    if known is None or known[0] != cycle.stand:
        known = cycle.memory.facts["InterPodAffinity"] = (cycle.stand, {node.name: node.labels for node in cycle.nodes})
    found: Mapping[str, Mapping[str, str]] = known[1]
    return found


def _place(
    total: Places,
    terms: Sequence[Held],
    counts: Mapping[str, int],
    weight: int,
    labels: Mapping[str, Mapping[str, str]],
) -> None:
    """Each term's domains gain what their nodes have; nothing is kept that is zero."""
    for held in terms:
        key, values = held.topology, total.setdefault(held.topology, {})
        for node, number in counts.items():
            value = labels[node].get(key) if node in labels else None
            if value is not None:
                values[value] = values.get(value, 0) + number * weight
                if not values[value]:
                    del values[value]
        if not values:
            del total[key]
