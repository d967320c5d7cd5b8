"""Whether a pod fits a node, also when those to whom the node was promised stand there already (runtime: Filter)."""

from __future__ import annotations

from collections.abc import Sequence

from workloads.scheduler.framework import Cycle, Filter, Refusal
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


def fits(pod: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> Refusal | None:
    """With the pods that were promised the node, and without them: some rules are helped by neighbours."""
    others = promised_to(pod, node, cycle)
    if others:
        crowded = node.copy()
        for other in others:
            add(pod, other, crowded, filters, cycle)
        refusal = verdict(pod, crowded, filters, cycle)
        for other in others:
            remove(pod, other, crowded, filters, cycle)
        if refusal is not None:
            return refusal
    return verdict(pod, node, filters, cycle)


def verdict(pod: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> Refusal | None:
    """The first no."""
    for plugin in filters:
        refusal = plugin.filter(pod, node, cycle)
        if refusal is not None:
            return refusal
    return None


def promised_to(pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Sequence[PodInfo]:
    """Other pods, as important as this one or more, that wait for this node to be free."""
    here = cycle.nominated.get(node.name)
    if not here:
        return ()
    return [one for key, one in sorted(here.items()) if key != pod.key and one.priority >= pod.priority]


def add(pod: PodInfo, other: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> None:
    """Imagine `other` on the node, which is a copy."""
    node.add(other)
    for plugin in filters:
        plugin.imagine(pod, other, node, 1, cycle)


def remove(pod: PodInfo, other: PodInfo, node: NodeInfo, filters: Sequence[Filter], cycle: Cycle) -> None:
    """Imagine the node, which is a copy, without `other`."""
    node.remove(other.key)
    for plugin in filters:
        plugin.imagine(pod, other, node, -1, cycle)
