"""The scheduling cycle: filter, score, pick (Kubernetes: schedulePod)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.reconcile.chance import Chance
from clusters.reconcile.view import View
from workloads.scheduler.framework import Cycle, Filter, Refusal, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.plugins import FILTERS, SCORES
from workloads.scheduler.podinfo import PodInfo

ALWAYS_ENOUGH = 100  # minFeasibleNodesToFind
LEAST_PERCENTAGE = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """The chosen node's name, or why each node was refused."""

    node: str
    refusals: Sequence[Refusal]
    nodes: int
    feasible: int


def choose(pod: PodInfo, nodes: Sequence[NodeInfo], view: View | None, chance: Chance) -> Decision:
    """The best node for the pod; of equally good ones any."""
    cycle = Cycle(nodes, view)
    feasible, refusals = _feasible(pod, cycle, chance)
    if not feasible:
        return Decision("", refusals, len(nodes), 0)
    best = feasible
    if len(feasible) > 1:
        totals = total_scores(pod, feasible, cycle)
        top = max(totals)
        best = [node for node, total in zip(feasible, totals, strict=True) if total == top]
    chosen = best[0] if len(best) == 1 else chance.pick(best)
    return Decision(chosen.name, refusals, len(nodes), len(feasible))


def applying(pod: PodInfo, cycle: Cycle) -> Sequence[Filter]:
    """The filters that have something to check for this pod."""
    return [plugin for plugin in FILTERS if plugin.applies(pod, cycle)]


def verdict(pod: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> Refusal | None:
    """The first no."""
    for plugin in filters:
        refusal = plugin.filter(pod, node, cycle)
        if refusal is not None:
            return refusal
    return None


def scores(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[tuple[Score, list[int]]]:
    """Each rating plugin with its normalized scores, one a node."""
    rating = [plugin for plugin in SCORES if plugin.rates(pod, nodes, cycle)]
    return [(plugin, plugin.normalize([plugin.score(pod, node, cycle) for node in nodes])) for plugin in rating]


def total_scores(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
    """The weighted sums."""
    totals = [0] * len(nodes)
    for plugin, given in scores(pod, nodes, cycle):
        totals = [total + plugin.weight * score for total, score in zip(totals, given, strict=True)]
    return totals


def _feasible(pod: PodInfo, cycle: Cycle, chance: Chance) -> tuple[list[NodeInfo], list[Refusal]]:
    filters, nodes = applying(pod, cycle), cycle.nodes
    enough = enough_nodes(len(nodes))
    if enough < len(nodes):  # a search that ends early begins elsewhere each time
        start = chance.bits() % len(nodes)
        nodes = [*nodes[start:], *nodes[:start]]
    feasible: list[NodeInfo] = []
    refusals: list[Refusal] = []
    for node in nodes:
        refusal = verdict(pod, node, filters, cycle)
        if refusal is not None:
            refusals.append(refusal)
            continue
        feasible.append(node)
        if len(feasible) >= enough:
            break
    return feasible, refusals


def enough_nodes(count: int) -> int:
    """After how many feasible nodes the search may stop (percentageOfNodesToScore: adaptive)."""
    if count < ALWAYS_ENOUGH:
        return count
    percentage = max(50 - count // 125, LEAST_PERCENTAGE)
    return max(count * percentage // 100, ALWAYS_ENOUGH)
