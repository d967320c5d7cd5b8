"""The table behind a decision: every node, every plugin, its verdict and its score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, key_of
from clusters.reconcile.view import View
from workloads.scheduler.cache import Cache
from workloads.scheduler.choose import applying, rating, scores
from workloads.scheduler.framework import Cycle
from workloads.scheduler.podinfo import PodInfo


@dataclass(frozen=True, slots=True)
class Row:
    """A node as this pod's candidate: the reasons of each plugin that refuses it, the weighted scores if none does."""

    node: str
    refused: Mapping[str, Sequence[str]]
    scores: Mapping[str, int]

    @property
    def fits(self) -> bool:
        return not self.refused

    @property
    def total(self) -> int:
        return sum(self.scores.values())


def explain(pod: Body, view: View) -> Sequence[Row]:
    """Where the pod would go now, as if it had no node yet. One row a node, in order of their names."""
    cache = _without(pod, view)
    candidate = PodInfo(_unbound(pod))
    cycle = Cycle(cache.nodes, view)
    filters = applying(candidate, cycle)
    refused: dict[str, dict[str, Sequence[str]]] = {}
    for node in cache.nodes:
        answers = [(plugin.name, plugin.filter(candidate, node, cycle)) for plugin in filters]
        refused[node.name] = {name: answer.reasons for name, answer in answers if answer}
    feasible = [node for node in cache.nodes if not refused[node.name]]
    rated: dict[str, dict[str, int]] = {node.name: {} for node in cache.nodes}
    for plugin in rating(candidate, feasible, cycle) if feasible else ():
        for node, score in zip(feasible, scores(plugin, candidate, feasible, cycle), strict=True):
            rated[node.name][plugin.name] = score
    return [Row(node.name, refused[node.name], rated[node.name]) for node in cache.nodes]


def _without(pod: Body, view: View) -> Cache:
    cache = Cache()
    for node in view.list("nodes"):
        cache.changed("nodes", node, None)
    for other in view.list("pods"):
        if key_of(other) != key_of(pod):
            cache.changed("pods", other, None)
    return cache


def _unbound(pod: Body) -> Body:
    return {**pod, "spec": {name: value for name, value in pod["spec"].items() if name != "nodeName"}}
