"""A DaemonSet with its nodes and pods in hand (daemon_controller: getNodesToDaemonPods)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, annotations_of, dig, is_deleting, labels_of, uid_of
from clusters.reconcile.view import View
from workloads.controllers.daemonset.eligible import Verdict, verdict
from workloads.kinds.amount import scaled
from workloads.kinds.daemonset import GENERATION
from workloads.replicas.readiness import is_available
from workloads.replicas.revisions import POD_LABEL, History

HASH, GENERATION_LABEL = POD_LABEL, "pod-template-generation"
STRATEGY = "spec.updateStrategy"


@dataclass(frozen=True, slots=True)
class Squad:
    """`nodes` by name in order, each with whether the DaemonSet's pod should be there."""

    ds: Body
    history: History
    nodes: Mapping[str, Verdict]
    view: View

    @property
    def uid(self) -> str:
        return uid_of(self.ds)

    @property
    def mark(self) -> str:
        """The hash of the template of now."""
        return labels_of(self.history.current)[HASH]

    @property
    def generation(self) -> str:
        return annotations_of(self.ds).get(GENERATION, "")

    @property
    def desired(self) -> int:
        """How many nodes should have a pod."""
        return sum(one.should_run for one in self.nodes.values())

    def placed(self) -> Mapping[str, Mapping[Key, Body]]:
        """The pods of now by node."""
        found: Mapping[str, Mapping[Key, Body]] = self.view.cache.of(self.uid)
        return found

    def is_current(self, pod: Body) -> bool:
        """Made from the template of now."""
        labels = labels_of(pod)
        return labels.get(HASH) == self.mark or (
            bool(self.generation) and labels.get(GENERATION_LABEL) == self.generation
        )

    def is_available(self, pod: Body) -> bool:
        return is_available(pod, self.ds, self.view.now)

    @property
    def surge(self) -> int:
        """Nodes that may have two pods at once during an update."""
        return scaled(dig(self.ds, f"{STRATEGY}.rollingUpdate.maxSurge", 0), self.desired, up=True)

    @property
    def lacking(self) -> int:
        """Nodes that may be without during an update; at least one, when none may have two."""
        most = scaled(dig(self.ds, f"{STRATEGY}.rollingUpdate.maxUnavailable", 0), self.desired, up=True)
        return most if most or self.surge else 1

    @property
    def allows_surge(self) -> bool:
        return bool(dig(self.ds, f"{STRATEGY}.type") == "RollingUpdate" and self.surge)


def gather(ds: Body, history: History, view: View) -> Squad:
    """Each node is judged."""
    nodes = {node["metadata"]["name"]: verdict(ds, node) for node in view.list("nodes")}
    return Squad(ds, history, nodes, view)


def oldest_first(pods: Mapping[Key, Body]) -> Sequence[Body]:
    """Those that have a node first."""
    return sorted(pods.values(), key=_order)


def staying(pods: Mapping[Key, Body]) -> Sequence[Body]:
    """In the order of their keys, without those that are about to go."""
    return [pods[key] for key in sorted(pods) if not is_deleting(pods[key])]


def _order(pod: Body) -> tuple[bool, str, str]:
    metadata = pod["metadata"]
    return not pod["spec"].get("nodeName"), metadata.get("creationTimestamp") or "", metadata["name"]
