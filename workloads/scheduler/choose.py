"""The scheduling cycle: filter, score, pick (Kubernetes: schedulePod)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

from clusters.reconcile.chance import Chance
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


def choose(pod: PodInfo, cycle: Cycle, chance: Chance) -> Decision:
    """The best node for the pod; of equally good ones any."""
    feasible, refusals = _feasible(pod, cycle, chance)
    if not feasible:
        return Decision("", refusals, len(cycle.nodes), 0)
    best = feasible
    if len(feasible) > 1:
        totals = _totals(pod, feasible, cycle)
        top = max(totals)
        best = [node for node, total in zip(feasible, totals, strict=True) if total == top]
    chosen = best[0] if len(best) == 1 else chance.pick(best)
    return Decision(chosen.name, refusals, len(cycle.nodes), len(feasible))


def applying(pod: PodInfo, cycle: Cycle) -> Sequence[Filter]:
    """The filters that have something to check for this pod."""
    return [plugin for plugin in FILTERS if plugin.applies(pod, cycle)]


def rating(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> Sequence[Score]:
    """The plugins that find a difference between the nodes."""
    return [plugin for plugin in SCORES if plugin.rates(pod, nodes, cycle)]


def scores(plugin: Score, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
    """One plugin's weighted scores, one a node."""
    given = plugin.normalize([plugin.score(pod, node, cycle) for node in nodes])
    return [plugin.weight * score for score in given]


def _feasible(pod: PodInfo, cycle: Cycle, chance: Chance) -> tuple[list[NodeInfo], list[Refusal]]:
    filters, nodes = applying(pod, cycle), cycle.nodes
    enough = enough_nodes(len(nodes))
    if enough < len(nodes):  # a search that ends early begins elsewhere each time
        start = chance.bits() % len(nodes)
        nodes = [*nodes[start:], *nodes[:start]]
    kept = [plugin for plugin in filters if plugin.by_template]
    fresh = [plugin for plugin in filters if not plugin.by_template]
    feasible: list[NodeInfo] = []
    refusals: list[Refusal] = []
    for node in nodes:
        refusal = _remembered_verdict(pod, node, kept, cycle) or (fresh and _verdict(pod, node, fresh, cycle))
        if refusal:
            refusals.append(refusal)
            continue
        feasible.append(node)
        if len(feasible) >= enough:
            break
    return feasible, refusals


def _remembered_verdict(pod: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> Refusal | None:
    known = cycle.memory.verdicts.get(node.name)
    if known is None or known[0] != node.version:
        known = cycle.memory.verdicts[node.name] = (node.version, _verdict(pod, node, filters, cycle))
    return known[1]


def _verdict(pod: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> Refusal | None:
    """The first no."""
    for plugin in filters:
        refusal = plugin.filter(pod, node, cycle)
        if refusal is not None:
            return refusal
    return None


def _totals(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
    """The weighted sums, one a node."""
    plugins = rating(pod, nodes, cycle)
    kept = [plugin for plugin in plugins if plugin.scores_by_template]
    totals = [_remembered_score(pod, node, kept, cycle) for node in nodes]
    for plugin in plugins:
        if not plugin.scores_by_template:
            totals = list(map(add, totals, scores(plugin, pod, nodes, cycle)))
    return totals


def _remembered_score(pod: PodInfo, node: NodeInfo, plugins: Sequence[Score], cycle: Cycle) -> int:
    known = cycle.memory.scores.get(node.name)
    if known is None or known[0] != node.version:
        total = sum(plugin.weight * plugin.score(pod, node, cycle) for plugin in plugins)
        known = cycle.memory.scores[node.name] = (node.version, total)
    return known[1]


def enough_nodes(count: int) -> int:
    """After how many feasible nodes the search may stop (percentageOfNodesToScore: adaptive)."""
    if count < ALWAYS_ENOUGH:
        return count
    percentage = max(50 - count // 125, LEAST_PERCENTAGE)
    return max(count * percentage // 100, ALWAYS_ENOUGH)
