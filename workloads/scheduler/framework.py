"""What a plugin is: a name, the changes that may help those it refuses, and its extension points (framework)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from clusters.reconcile.view import View
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

MOST = 100  # the best score


class Change(NamedTuple):
    """Something that happened to an object: what may help a refused pod (framework: ClusterEvent)."""

    resource: str
    action: str


NODE_ADDED = Change("nodes", "added")
NODE_LABELS = Change("nodes", "labels")
NODE_TAINTS = Change("nodes", "taints")  # and spec.unschedulable
NODE_ALLOCATABLE = Change("nodes", "allocatable")
POD_GONE = Change("pods", "gone")  # deleted or finished: its room is free
POD_BOUND = Change("pods", "bound")
POD_LABELS = Change("pods", "labels")


class Refusal(NamedTuple):
    """A plugin's no to a node. `final`: it stays no, whichever pods go (UnschedulableAndUnresolvable)."""

    plugin: str
    reasons: tuple[str, ...]
    final: bool


@dataclass(slots=True)
class Cycle:
    """One pod's way through the plugins; `facts` holds what a plugin worked out once for the pod, by its name."""

    nodes: Sequence[NodeInfo]
    view: View | None = None
    memory: Memory = field(default_factory=lambda: Memory())
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What was found out for pods of one template, by node: (the node's version, the answer)."""

    verdicts: dict[str, tuple[int, Refusal | None]] = field(default_factory=dict)
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)


class Plugin:
    """Plugins hold no state. `helped_by`: what makes it worth asking again."""

    name: str
    helped_by: tuple[Change, ...] = (NODE_ADDED,)


class Filter(Plugin):
    """Says on which nodes the pod cannot run. `by_template`: that follows from the node and the pod's template."""

    by_template = True

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        """PreFilter: False when there is nothing to check for this pod."""
        return True

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        """None: the node will do."""
        raise NotImplementedError

    def refuse(self, *reasons: str, final: bool) -> Refusal:
        return Refusal(self.name, reasons, final)


class Score(Plugin):
    """Says which of the nodes that will do are better, from 0 to 100 after `normalize`.

    `scores_by_template`: the score follows from the node and the pod's template, and `normalize` leaves it as it is.
    """

    weight: int = 1
    scores_by_template = False

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        """PreScore: False when all nodes are alike for this pod."""
        return True

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        raise NotImplementedError

    def normalize(self, scores: list[int]) -> list[int]:
        return scores


def scaled(scores: list[int], *, reverse: bool = False) -> list[int]:
    """The highest becomes 100, or with `reverse` the worst (helper.DefaultNormalizeScore)."""
    highest = max(scores, default=0)
    if highest == 0:
        return [MOST if reverse else 0] * len(scores)
    shares = [score * MOST // highest for score in scores]
    return [MOST - share for share in shares] if reverse else shares
