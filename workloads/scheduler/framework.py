"""What a plugin is: a name, the changes that may help those it refuses, and its extension points (framework)."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.tallies import Tallies

MOST = 100  # the best score
# What a step of the binding cycle yields and is answered; at the end it says whether the next step may follow.
Step = Generator[Write, Body | Status | None, bool]


class Change(NamedTuple):
    """Something that happened to an object: what may help a refused pod (framework: ClusterEvent).

    Of what is neither a node nor a pod only this is told: Change("persistentvolumeclaims", "changed").
    """

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
class Memory:
    """What was found out for pods of one template. Verdicts and scores by node: (the node's version, the answer)."""

    verdicts: dict[str, tuple[int, Refusal | None]] = field(default_factory=dict)
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)
    facts: dict[Any, Any] = field(default_factory=dict)  # a plugin's own, by a key that begins with its name


@dataclass(slots=True)
class Cycle:
    """One pod's way through the plugins; `facts` holds what a plugin worked out once for the pod, by its name."""

    nodes: Sequence[NodeInfo]
    view: View | None = None
    memory: Memory = field(default_factory=Memory)
    tallies: Tallies = field(default_factory=Tallies)
    nominated: Mapping[str, Mapping[Any, PodInfo]] = field(default_factory=dict)  # pods that were promised a node
    images: Mapping[str, int] = field(default_factory=dict)  # on how many nodes each image is
    stand: int = 0  # another number whenever nodes, their labels or their taints are others
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Victims:
    """The pods that would have to go from a node, the most important first."""

    node: str
    pods: Sequence[PodInfo]
    violations: int  # how many of them a PodDisruptionBudget protects


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a PostFilter found: room that can be made, or the sentence why not.

    `nominated`: the node promised to the pod from now on; "" takes a promise back, None leaves it as it is.
    """

    told: str = ""
    nominated: str | None = None
    victims: Victims | None = None
    candidates: Sequence[Victims] = ()


class Plugin:
    """Plugins hold no state. `helped_by`: what makes it worth asking again."""

    name: str
    helped_by: tuple[Change, ...] = (NODE_ADDED,)


class QueueSort(Plugin):
    """Says in which order pods are looked at."""

    def rank(self, pod: Body, since: int) -> Any:
        """The lowest goes first. `since`: the cluster time at which the pod came into the queue."""
        raise NotImplementedError


class PreFilter(Plugin):
    """Asked once for a pod, before any node is looked at."""

    def prefilter(self, pod: PodInfo, cycle: Cycle) -> Refusal | Collection[str] | None:
        """A Refusal: no node will do. Names: only these nodes are looked at. None: every node is."""
        raise NotImplementedError


class Filter(Plugin):
    """Says on which nodes the pod cannot run. `by_template`: that follows from the node and the pod's template."""

    by_template = True

    def applies(self, pod: PodInfo, cycle: Cycle) -> bool:
        """PreFilter: False when there is nothing to check for this pod (Skip). Asked before `prefilter`."""
        return True

    def filter(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        """None: the node will do."""
        raise NotImplementedError

    def imagine(self, pod: PodInfo, other: PodInfo, node: NodeInfo, by: int, cycle: Cycle) -> None:
        """PreFilterExtensions: for a what-if, `other` comes to the node (1) or goes from it (-1). It is taken back."""

    def refuse(self, *reasons: str, final: bool) -> Refusal:
        return _refusal(self.name, reasons, final)


class PostFilter(Plugin):
    """Asked when no node will do."""

    def postfilter(self, pod: PodInfo, refused: Mapping[str, Refusal], cycle: Cycle) -> Remedy:
        """`refused`: why, by node; a node that is not in it was not even looked at."""
        raise NotImplementedError


class Score(Plugin):
    """Says which of the nodes that will do are better, from 0 to 100 after `normalize`.

    `scores_by_template`: the score follows from the node and the pod's template, and `normalize` leaves it as it is.
    """

    weight: int = 1
    scores_by_template = False

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        """PreScore: False when all nodes are alike for this pod (Skip)."""
        return True

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        raise NotImplementedError

    def scores(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        """All at once, for plugins that can do this faster than one by one."""
        return [self.score(pod, node, cycle) for node in nodes]

    def normalize(self, scores: list[int], nodes: Sequence[NodeInfo], cycle: Cycle) -> list[int]:
        """NormalizeScore: all of them together, in the order of the nodes."""
        return scores


class Reserve(Plugin):
    """Told which node it shall be, before anything is written."""

    def reserve(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Refusal | None:
        """None: go on. Facts may be kept in `cycle.facts[self.name]` for `prebind`."""
        raise NotImplementedError

    def unreserve(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> None:
        """A later step said no. May be called without `reserve`, and twice."""


class PreBind(Plugin):
    """Does what must be done before the pod is bound."""

    def prebind(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Step:
        """Yields writes; True: the pod may be bound.

        False: not yet. The pod then holds its place on the node, and is looked at again when one of the changes in
        `helped_by` happens: from the first filter on, so that it must come to the same node by itself.
        """
        raise NotImplementedError


class Bind(Plugin):
    """Gives the pod its node."""

    def bind(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Step:
        """Yields writes; False: the pod is not bound."""
        raise NotImplementedError


@lru_cache(1024)
def _refusal(plugin: str, reasons: tuple[str, ...], final: bool) -> Refusal:
    return Refusal(plugin, reasons, final)


def scaled(scores: list[int], *, reverse: bool = False) -> list[int]:
    """The highest becomes 100, or with `reverse` the worst (helper.DefaultNormalizeScore)."""
    highest = max(scores, default=0)
    if highest == 0:
        return [MOST if reverse else 0] * len(scores)
    shares = [score * MOST // highest for score in scores]
    return [MOST - share for share in shares] if reverse else shares
