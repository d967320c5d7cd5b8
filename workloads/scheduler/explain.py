"""The table behind a decision: every node, every plugin, its verdict and its score; and who would have to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clusters.kinds.body import Body, key_of
from clusters.reconcile.view import View
from workloads.scheduler.cache import Cache, scheduler_of
from workloads.scheduler.choose import Decision, Search, choose, in_order, prefilter, rating, scores
from workloads.scheduler.fitting import fits
from workloads.scheduler.framework import Cycle, Remedy, Victims
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.profiles import Profile
from workloads.scheduler.refusing import outcome
from workloads.scheduler.scheduler import chance_of


@dataclass(frozen=True, slots=True)
class Row:
    """A node as this pod's candidate: the reasons of each plugin that refuses it, the weighted scores if none does.

    `skipped`: why it was not looked at any more though it would do: enough others did.
    """

    node: str
    refused: Mapping[str, Sequence[str]]
    scores: Mapping[str, int]
    skipped: str = ""
    victims: Victims | None = None  # who would have to go

    @property
    def fits(self) -> bool:
        return not self.refused

    @property
    def total(self) -> int:
        return sum(self.scores.values())


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was weighed. `chosen` is "" when no node would take the pod; then `message` says why."""

    rows: Sequence[Row]
    checked: Sequence[str]  # the filters that had something to check
    rated: Sequence[str]  # the plugins that found a difference
    chosen: str = ""
    best: Sequence[str] = ()  # all nodes with the highest sum: chance decides between them
    message: str = ""
    remedy: Remedy = field(default_factory=Remedy)
    weights: Mapping[str, int] = field(default_factory=dict)


ENOUGH = "enough other nodes fit already"


def explain(pod: Body, view: View) -> Explanation:
    """Where the pod would go now, as if it had no node yet. One row a node, in order of their names."""
    cache = _without(pod, view)
    profile = cache.profiles[scheduler_of(pod)]
    candidate = PodInfo(_unbound(pod))
    decision = choose(candidate, cache.cycle(candidate, view), chance_of(pod), profile)
    cycle = cache.cycle(candidate, view)
    search = prefilter(candidate, cycle, profile)
    looked_at = _looked_at(candidate, search, cycle, decision, profile)
    refused = {node.name: _refusals(candidate, node, search, cycle, decision) for node in cache.nodes}
    feasible = [node for node in looked_at if not refused[node.name]]
    rated, best = _rated(candidate, feasible, cycle, profile)
    remedy, message = (Remedy(), "") if decision.node else outcome(candidate, decision, cycle, profile)
    victims = {one.node: one for one in remedy.candidates}
    seen = {node.name: None for node in feasible}
    rows = [
        Row(name, reasons, rated.get(name, {}), "" if name in seen or reasons else ENOUGH, victims.get(name))
        for name, reasons in refused.items()
    ]
    plugins = list(dict.fromkeys(name for row in rows for name in row.scores))
    weights = {plugin.name: plugin.weight for plugin in profile.scores}
    checked = [plugin.name for plugin in search.filters]
    return Explanation(rows, checked, plugins, decision.node, best, message, remedy, weights)


def _looked_at(pod: PodInfo, search: Search, cycle: Cycle, decision: Decision, profile: Profile) -> Sequence[NodeInfo]:
    """In the order in which the search went, up to where it ended."""
    if decision.node and decision.node == pod.nominated:
        return [node for node in search.nodes if node.name == decision.node]
    nodes, enough = in_order(search.nodes, chance_of(pod.body), profile.percentage)
    found: list[NodeInfo] = []
    for node in nodes:
        if len(found) < enough and fits(pod, node, search.filters, cycle) is None:
            found.append(node)
    return sorted(found, key=lambda node: node.name)


def _refusals(
    pod: PodInfo, node: NodeInfo, search: Search, cycle: Cycle, decision: Decision
) -> Mapping[str, Sequence[str]]:
    """Each plugin's no. The scheduler itself ends with the first; people want to know all."""
    if search.none is not None:
        return {search.none.plugin: search.none.reasons}
    if search.skipped_by and node not in search.nodes:
        return dict.fromkeys(search.skipped_by, (decision.skipped or "this node is not among those it names",))
    answers = [plugin.filter(pod, node, cycle) for plugin in search.filters]
    found = {answer.plugin: answer.reasons for answer in answers if answer}
    if not found:
        promised = fits(pod, node, search.filters, cycle)
        return {promised.plugin: promised.reasons} if promised else {}
    return found


def _rated(
    pod: PodInfo, feasible: Sequence[NodeInfo], cycle: Cycle, profile: Profile
) -> tuple[Mapping[str, Mapping[str, int]], Sequence[str]]:
    """The weighted scores of each node, and the nodes with the highest sum."""
    found: dict[str, dict[str, int]] = {node.name: {} for node in feasible}
    for plugin in rating(pod, feasible, cycle, profile) if feasible else ():
        for node, score in zip(feasible, scores(plugin, pod, feasible, cycle), strict=True):
            found[node.name][plugin.name] = score
    totals = {name: sum(given.values()) for name, given in found.items()}
    top = max(totals.values(), default=0)
    return found, [name for name, total in totals.items() if total == top]


def _without(pod: Body, view: View) -> Cache:
    """The scheduler's cache as it was when it looked at this pod."""
    cache = Cache()
    for resource in ("configmaps", "namespaces", "nodes", "pods"):
        for body in view.list(resource):
            if resource != "pods" or key_of(body) != key_of(pod):
                cache.changed(resource, body, None)
    return cache


def _unbound(pod: Body) -> Body:
    return {**pod, "spec": {name: value for name, value in pod["spec"].items() if name != "nodeName"}}
