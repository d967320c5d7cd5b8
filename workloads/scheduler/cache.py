"""What the scheduler keeps warm: all nodes with their sums, and why the waiting pods wait (internal/cache, queue)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, is_deleting, key_of
from workloads.scheduler.framework import Memory
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.queue import Waiting

FINISHED = ("Succeeded", "Failed")
MOST_TEMPLATES = 100


class Cache:
    """Told of every change."""

    def __init__(self) -> None:
        self._nodes: dict[str, NodeInfo] = {}
        self._ordered: Sequence[NodeInfo] | None = None
        self.waiting = Waiting()
        self._memories: dict[bytes, Memory] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "pods":
            self._pod_changed(new, old)
        elif resource == "nodes":
            self._node_changed(new, old)

    @property
    def nodes(self) -> Sequence[NodeInfo]:
        """The nodes that exist, in order of their names."""
        if self._ordered is None:
            self._ordered = [self._nodes[name] for name in sorted(self._nodes) if self._nodes[name].node is not None]
        return self._ordered

    def memory(self, pod: PodInfo) -> Memory:
        """What is known from pods of the same template."""
        if len(self._memories) > MOST_TEMPLATES:
            self._memories.clear()
        return self._memories.setdefault(pod.template, Memory())

    def _pod_changed(self, new: Body | None, old: Body | None) -> None:
        seat, before = _seat(new), _seat(old)
        if new is None or seat or is_deleting(new) or _is_finished(new):
            self.waiting.drop(key_of(new or old or {}))
        if old is not None and new is not None and seat == before and new["spec"] is old["spec"]:
            held = self._nodes[seat].pods.get(key_of(new)) if seat else None
            if held is not None:
                held.body = new
            return
        if before and old is not None and before in self._nodes:
            self._nodes[before].remove(key_of(old))
            self._forget(before)
        if seat and new is not None:
            self._info(seat).add(PodInfo(new))

    def _node_changed(self, new: Body | None, old: Body | None) -> None:
        node = new or old
        assert node is not None
        name = node["metadata"]["name"]
        self._info(name).set_node(new)
        if new is None or old is None:
            self._ordered = None
            self._forget(name)

    def _info(self, name: str) -> NodeInfo:
        if name not in self._nodes:
            self._nodes[name] = NodeInfo(name)
            self._ordered = None
        return self._nodes[name]

    def _forget(self, name: str) -> None:
        info = self._nodes[name]
        if info.node is None and not info.pods:
            del self._nodes[name]
            self._ordered = None


def _seat(pod: Body | None) -> str:
    """The node on which the pod takes room; a finished one takes none."""
    return "" if pod is None or _is_finished(pod) else pod["spec"].get("nodeName") or ""


def _is_finished(pod: Body) -> bool:
    return (pod.get("status") or {}).get("phase") in FINISHED
