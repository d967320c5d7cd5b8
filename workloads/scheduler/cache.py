"""What the scheduler keeps warm: all nodes with their sums, its queue, what is counted (internal/cache, queue)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.view import View
from workloads.scheduler.configuration import PLACE, profiles_of
from workloads.scheduler.framework import Cycle, Memory
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.plugins.prioritysort import PrioritySort
from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.profiles import PROFILES, Profile
from workloads.scheduler.queue import Queue
from workloads.scheduler.tallies import Tallies

FINISHED = ("Succeeded", "Failed")
MOST_TEMPLATES = 100


class Cache:
    """Told of every change."""

    resources: tuple[str, ...] = ("pods", "nodes", "events", "namespaces", "configmaps")

    def __init__(self) -> None:
        self._nodes: dict[str, NodeInfo] = {}
        self._ordered: Sequence[NodeInfo] | None = None
        self._images: Counter[str] = Counter()
        self._stand = 0  # of the nodes' labels and taints
        self._memories: dict[bytes, Memory] = {}
        self._promised: dict[Key, str] = {}
        self._assumed: dict[Key, tuple[PodInfo, str]] = {}
        self.nominated: dict[str, dict[Key, PodInfo]] = {}
        self.tallies = Tallies()
        self.queue = Queue(PrioritySort().rank)
        self.profiles: Mapping[str, Profile] = PROFILES
        self.complaint: tuple[Body, str] | None = None  # a configuration that was not taken, and why
        self._strangers: dict[Key, Body] = {}  # unbound pods of schedulers that are not here
        self.in_hand: Body | None = None  # the pod that is being scheduled

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "pods":
            self._pod_changed(new, old)
        elif resource == "nodes":
            self._node_changed(new, old)
        elif resource == "configmaps" and key_of(new or old or {}) == PLACE:
            self._configure(new)
        elif resource == "events":
            self.queue.attempts.changed(new, old)
        elif resource == "namespaces":
            namespace = new or old or {}
            self.tallies.set_namespace(namespace["metadata"]["name"], labels_of(new) if new else None)

    def is_waiting(self, pod: Body) -> bool:
        """Unbound, and one of the profiles is meant."""
        return is_unbound(pod) and scheduler_of(pod) in self.profiles

    @property
    def nodes(self) -> Sequence[NodeInfo]:
        """The nodes that exist, in order of their names."""
        if self._ordered is None:
            self._ordered = [self._nodes[name] for name in sorted(self._nodes) if self._nodes[name].node is not None]
        return self._ordered

    def node(self, name: str) -> NodeInfo:
        return self._nodes[name]

    def cycle(self, pod: PodInfo, view: View | None = None) -> Cycle:
        """The beginning of this pod's way through the plugins."""
        return Cycle(self.nodes, view, self._memory(pod), self.tallies, self.nominated, self._images, self._stand)

    def assume(self, pod: PodInfo, node: str) -> None:
        """The pod takes its room already, though it is not bound yet."""
        self._assumed[pod.key] = (pod, node)
        self._seat(pod, node)

    def unassume(self, key: Key) -> None:
        pod, node = self._assumed.pop(key, (None, ""))
        if pod is not None:
            self._unseat(pod.key, node)

    def _memory(self, pod: PodInfo) -> Memory:
        """What is known from pods of the same template."""
        if len(self._memories) > MOST_TEMPLATES:
            self._memories.clear()
        return self._memories.setdefault(pod.template, Memory())

    def _pod_changed(self, new: Body | None, old: Body | None) -> None:
        key = key_of(new or old or {})
        self._enqueue(key, new, old)
        seat, before = seat_of(new), seat_of(old)
        if new is not None and old is not None and seat == before and _is_same_sort(new, old):
            held = self._nodes[seat].pods.get(key) if seat else None
            if held is not None:
                held.body = new
            return
        if before:
            self._unseat(key, before)
        if seat and new is not None and not self._is_confirmed(key, new, seat):
            self.unassume(key)
            self._seat(PodInfo(new), seat)

    def _is_confirmed(self, key: Key, new: Body, seat: str) -> bool:
        """Whether it was bound as it was assumed: then it has its room already."""
        pod, node = self._assumed.get(key, (None, ""))
        if pod is None or node != seat or not pod.is_same(new, seat):
            return False
        del self._assumed[key]
        pod.body, pod.spec = new, new["spec"]
        return True

    def _enqueue(self, key: Key, new: Body | None, old: Body | None) -> None:
        """The queue holds who waits; a promised node is kept in mind."""
        self._strangers.pop(key, None)
        if new is not None and scheduler_of(new) not in self.profiles and is_unbound(new):
            self._strangers[key] = new
        if new is None or not self.is_waiting(new):
            if old is not None and (key in self.queue or key in self._promised or key in self._assumed):
                self.queue.drop(key)
                self._promise(key, None, "")
                if new is None or not seat_of(new):
                    self.unassume(key)
            return
        node = (new.get("status") or {}).get("nominatedNodeName") or ""
        if node != self._promised.get(key, ""):
            self._promise(key, new, node)
        same = (
            old is not None and self.is_waiting(old) and old["spec"] is new["spec"] and labels_of(new) == labels_of(old)
        )
        told = self.queue.told(key)
        if not same or (told is not None and told != message_of(new)):
            self.queue.offer(new, new)

    def _configure(self, config: Body | None) -> None:
        """Other profiles: what was remembered does not hold, and pods that nobody knew may be somebody's now."""
        self.profiles, told = profiles_of(config)
        self.complaint = (config, told) if config is not None and told else None
        self._memories.clear()
        self.queue.stir_all(config)
        for pod in list(self._strangers.values()):
            if self.is_waiting(pod):
                del self._strangers[key_of(pod)]
                self.queue.offer(pod, config)

    def _promise(self, key: Key, pod: Body | None, node: str) -> None:
        before = self._promised.pop(key, "")
        if before:
            self.nominated[before].pop(key)
            if not self.nominated[before]:
                del self.nominated[before]
        if pod is not None and node:
            self._promised[key] = node
            self.nominated.setdefault(node, {})[key] = PodInfo(pod)

    def _node_changed(self, new: Body | None, old: Body | None) -> None:
        node = new or old
        assert node is not None
        name = node["metadata"]["name"]
        info = self._info(name)
        before = info.images
        info.set_node(new)
        if info.images != before:
            self._images.subtract(before.keys())
            self._images.update(info.images.keys())
        if new is None or old is None or labels_of(new) != labels_of(old) or new["spec"] != old["spec"]:
            self._stand += 1
        if new is None or old is None:
            self._ordered = None
            self._forget(name)

    def _seat(self, pod: PodInfo, node: str) -> None:
        self._info(node).add(pod)
        self.tallies.add(pod, node)

    def _unseat(self, key: Key, node: str) -> None:
        info = self._nodes.get(node)
        pod = info.pods.get(key) if info else None
        if info is not None and pod is not None:
            info.remove(key)
            self.tallies.remove(pod, node)
            self._forget(node)

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


def is_unbound(pod: Body) -> bool:
    """Without a node, free to have one, and still wanted."""
    spec = pod["spec"]
    if spec.get("nodeName") or spec.get("schedulingGates"):
        return False
    return not is_deleting(pod) and not is_finished(pod)


def scheduler_of(pod: Body) -> str:
    return pod["spec"].get("schedulerName") or "default-scheduler"


def seat_of(pod: Body | None) -> str:
    """The node on which the pod takes room; a finished one takes none."""
    return "" if pod is None or is_finished(pod) else pod["spec"].get("nodeName") or ""


def is_finished(pod: Body) -> bool:
    return (pod.get("status") or {}).get("phase") in FINISHED


def message_of(pod: Body) -> str:
    """Why it was not scheduled, as its condition has it."""
    scheduled = condition_of(pod, "PodScheduled")
    return scheduled.get("message") or "" if scheduled else ""


def _is_same_sort(new: Body, old: Body) -> bool:
    """Nothing changed that is counted."""
    return new["spec"] is old["spec"] and labels_of(new) == labels_of(old) and is_deleting(new) == is_deleting(old)
