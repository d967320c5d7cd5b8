"""The scheduling cycle: filter, score, pick (Kubernetes: schedulePod)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add

from clusters.reconcile.chance import Chance
from workloads.scheduler.fitting import fits, promised_to, verdict
from workloads.scheduler.framework import Cycle, Filter, Refusal, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.profiles import DEFAULT, Profile

ALWAYS_ENOUGH = 100  # minFeasibleNodesToFind
LEAST_PERCENTAGE = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """The chosen node's name, or why each node was refused. `none`: the no of a plugin to all of them at once."""

    node: str
    refused: Mapping[str, Refusal]
    nodes: int
    feasible: int
    none: Refusal | None = None
    skipped: str = ""  # why the nodes that are not in `refused` were not asked
    plugins: Sequence[str] = ()  # those that said no
    filters: Sequence[Filter] = ()
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def refusals(self) -> Sequence[Refusal]:
        return list(self.refused.values())


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked at for a pod: the filters that have something to check, the nodes that PreFilter left."""

    filters: Sequence[Filter]
    nodes: Sequence[NodeInfo]
    none: Refusal | None = None
    skipped_by: Sequence[str] = ()


def choose(pod: PodInfo, cycle: Cycle, chance: Chance, profile: Profile = DEFAULT) -> Decision:
    """The best node for the pod; of equally good ones any."""
    search = prefilter(pod, cycle, profile)
    if search.none is not None:
        return Decision("", {}, len(cycle.nodes), 0, search.none, plugins=(search.none.plugin,), filters=search.filters)
    feasible, refused = _promised(pod, search, cycle), {}  # type: list[NodeInfo], dict[str, Refusal]
    if not feasible:
        feasible, refused = _feasible(pod, search, cycle, chance, profile)
    if not feasible:
        told = f"node(s) didn't satisfy plugin(s) [{' '.join(search.skipped_by)}]" if search.skipped_by else ""
        who = dict.fromkeys([*search.skipped_by, *(refusal.plugin for refusal in refused.values())])
        filters = search.filters
        return Decision("", refused, len(cycle.nodes), 0, None, told, list(who), filters)
    totals = _totals(pod, feasible, cycle, profile) if len(feasible) > 1 else [0]
    top = max(totals)
    best = [node for node, total in zip(feasible, totals, strict=True) if total == top]
    chosen = best[0] if len(best) == 1 else chance.pick(best)
    return Decision(chosen.name, refused, len(cycle.nodes), len(feasible), filters=search.filters)


def prefilter(pod: PodInfo, cycle: Cycle, profile: Profile) -> Search:
    """RunPreFilterPlugins: who has something to check, and on which nodes."""
    filters = [plugin for plugin in profile.filters if plugin.applies(pod, cycle)]
    allowed: Collection[str] | None = None
    by: list[str] = []
    for plugin in profile.prefilters:
        if isinstance(plugin, Filter) and plugin not in filters:
            continue
        answer = plugin.prefilter(pod, cycle)
        if isinstance(answer, Refusal):
            return Search(filters, (), answer)
        if answer is not None:
            allowed = answer if allowed is None else [name for name in answer if name in allowed]
            by.append(plugin.name)
    if allowed is None:
        return Search(filters, cycle.nodes)
    return Search(filters, [node for node in cycle.nodes if node.name in allowed], None, sorted(by))


def rating(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle, profile: Profile = DEFAULT) -> Sequence[Score]:
    """The plugins that find a difference between the nodes."""
    return [plugin for plugin in profile.scores if plugin.rates(pod, nodes, cycle)]


def scores(plugin: Score, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
    """One plugin's weighted scores, one a node."""
    given = plugin.normalize(plugin.scores(pod, nodes, cycle), nodes, cycle)
    return [plugin.weight * score for score in given]


def in_order(nodes: Sequence[NodeInfo], chance: Chance, percentage: int) -> tuple[Sequence[NodeInfo], int]:
    """The nodes as they are looked at, and after how many feasible ones the search ends."""
    enough = enough_nodes(len(nodes), percentage)
    if enough < len(nodes):  # a search that ends early begins elsewhere each time
        start = chance.bits() % len(nodes)
        return [*nodes[start:], *nodes[:start]], enough
    return nodes, enough


def enough_nodes(count: int, percentage: int = 0) -> int:
    """After how many feasible nodes the search may stop (percentageOfNodesToScore; 0: adaptive)."""
    if count < ALWAYS_ENOUGH or percentage >= 100:
        return count
    percentage = percentage or max(50 - count // 125, LEAST_PERCENTAGE)
    return max(count * percentage // 100, ALWAYS_ENOUGH)


def _promised(pod: PodInfo, search: Search, cycle: Cycle) -> list[NodeInfo]:
    """The node that was made free for this pod is looked at before all others."""
    mine = pod.nominated
    for node in search.nodes if mine else ():
        if node.name == mine and fits(pod, node, search.filters, cycle) is None:
            return [node]
    return []


def _feasible(
    pod: PodInfo, search: Search, cycle: Cycle, chance: Chance, profile: Profile
) -> tuple[list[NodeInfo], dict[str, Refusal]]:
    nodes, enough = in_order(search.nodes, chance, profile.percentage)
    kept = [plugin for plugin in search.filters if plugin.by_template]
    fresh = [plugin for plugin in search.filters if not plugin.by_template]
    verdicts, promised = cycle.memory.verdicts, cycle.nominated
    feasible: list[NodeInfo] = []
    refused: dict[str, Refusal] = {}
    for node in nodes:
        known = verdicts.get(node.name)
        if known is None or known[0] != node.version:
            known = verdicts[node.name] = (node.version, verdict(pod, node, kept, cycle))
        refusal = known[1]
        if refusal is None and fresh:
            refusal = verdict(pod, node, fresh, cycle)
        if refusal is None and promised and promised_to(pod, node, cycle):
            refusal = fits(pod, node, search.filters, cycle)
        if refusal is not None:
            refused[node.name] = refusal
            continue
        feasible.append(node)
        if len(feasible) >= enough:
            break
    return feasible, refused


def _totals(pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle, profile: Profile) -> list[int]:
    """The weighted sums, one a node."""
    plugins = rating(pod, nodes, cycle, profile)
    kept = [plugin for plugin in plugins if plugin.scores_by_template]
    totals = _remembered_scores(pod, nodes, kept, cycle)
    for plugin in plugins:
        if not plugin.scores_by_template:
            totals = list(map(add, totals, scores(plugin, pod, nodes, cycle)))
    return totals


def _remembered_scores(pod: PodInfo, nodes: Sequence[NodeInfo], plugins: Sequence[Score], cycle: Cycle) -> list[int]:
    known, found = cycle.memory.scores, []
    for node in nodes:
        score = known.get(node.name)
        if score is None or score[0] != node.version:
            total = sum(plugin.weight * plugin.score(pod, node, cycle) for plugin in plugins)
            score = known[node.name] = (node.version, total)
        found.append(score[1])
    return found
