"""A node with the sums of its pods, kept up to date one pod at a time (framework: NodeInfo)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import TypeVar

from clusters.kinds.body import Body, Key, labels_of
from workloads.scheduler.podinfo import PodInfo, Port, numbers

T = TypeVar("T")
_versions = count()  # two states of nodes never have the same number, not even after a node came again


class NodeInfo:
    """`node` is None while pods are bound to a node that is not there. `version` tells one state from the next."""

    __slots__ = (
        "allocatable",
        "guessed_cpu",
        "guessed_memory",
        "images",
        "labels",
        "name",
        "node",
        "pods",
        "ports",
        "requested",
        "taints",
        "unschedulable",
        "version",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.pods: dict[Key, PodInfo] = {}
        self.requested: Counter[str] = Counter()
        self.guessed_cpu = self.guessed_memory = 0
        self.ports: Counter[Port] = Counter()
        self.set_node(None)

    def set_node(self, node: Body | None) -> None:
        """What the node itself says; its pods stay."""
        spec, status = (node["spec"] if node else {}) or {}, (node.get("status") if node else None) or {}
        self.node, self.version = node, next(_versions)
        self.labels: Mapping[str, str] = labels_of(node) if node else {}
        self.taints: Sequence[Body] = spec.get("taints") or ()
        self.unschedulable = bool(spec.get("unschedulable"))
        stated = status.get("allocatable") or {}
        self.allocatable = numbers(stated)
        self.images = {
            name: image.get("sizeBytes") or 0
            for image in status.get("images") or ()
            for name in image.get("names") or ()
        }

    def add(self, pod: PodInfo) -> None:
        self.pods[pod.key] = pod
        self._count(pod, 1)

    def remove(self, key: Key) -> None:
        pod = self.pods.pop(key, None)
        if pod is not None:
            self._count(pod, -1)

    def copy(self) -> NodeInfo:
        """For a what-if: adding and removing pods leaves this one as it is."""
        made = NodeInfo.__new__(NodeInfo)
        for name in self.__slots__:
            setattr(made, name, getattr(self, name))
        made.pods, made.requested, made.ports = dict(self.pods), Counter(self.requested), Counter(self.ports)
        return made

    def _count(self, pod: PodInfo, sign: int) -> None:
        self.version = next(_versions)
        for name, amount in pod.requests.items():
            self.requested[name] += sign * amount
        self.guessed_cpu += sign * pod.guessed_cpu
        self.guessed_memory += sign * pod.guessed_memory
        for port in pod.ports:
            _count_up(self.ports, port, sign)


def _count_up(counter: Counter[T], name: T, by: int) -> None:
    counter[name] += by
    if not counter[name]:
        del counter[name]
