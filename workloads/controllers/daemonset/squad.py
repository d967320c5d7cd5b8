"""A DaemonSet with its nodes and pods in hand (daemon_controller: getNodesToDaemonPods)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, annotations_of, dig, is_deleting, labels_of, uid_of
from clusters.reconcile.view import View
from workloads.controllers.daemonset.eligible import Verdict
from workloads.controllers.daemonset.placed import Calm, mark_of
from workloads.kinds.amount import scaled
from workloads.kinds.daemonset import GENERATION
from workloads.replicas.readiness import is_available
from workloads.replicas.revisions import POD_LABEL, History

HASH = POD_LABEL
STRATEGY = "spec.updateStrategy"


@dataclass(frozen=True, slots=True)
class Squad:
    """`nodes` by name in order, each with whether the DaemonSet's pod should be there."""

    ds: Body
    history: History
    nodes: Mapping[str, Verdict]
    view: View
    uid: str
    mark: str  # the hash of the template of now
    generation: str
    desired: int  # how many nodes should have a pod
    surge: int  # nodes that may have two at once during an update
    lacking: int  # nodes that may be without
    allows_surge: bool
    waits: bool  # a pod counts only some time after it is ready

    @property
    def placed(self) -> Mapping[str, Mapping[Key, Body]]:
        """The pods of now by node."""
        found: Mapping[str, Mapping[Key, Body]] = self.view.cache.of(self.uid)
        return found

    @property
    def calm(self) -> Mapping[str, Calm]:
        """The pods of nodes about which there is nothing to think."""
        found: Mapping[str, Calm] = self.view.cache.calm(self.uid)
        return found

    def is_current(self, pod: Body) -> bool:
        """Made from the template of now."""
        return self.is_marked(*mark_of(pod))

    def is_marked(self, mark: str, generation: str) -> bool:
        return mark == self.mark or (bool(generation) and generation == self.generation)

    def is_available(self, pod: Body) -> bool:
        return is_available(pod, self.ds, self.view.now)

    def works(self, calm: Calm) -> bool:
        """Available."""
        return calm.ready and (not self.waits or self.is_available(calm.pod))


def gather(ds: Body, history: History, view: View) -> Squad:
    """Each node is judged."""
    judge = view.cache.verdict
    nodes = {node["metadata"]["name"]: judge(ds, node) for node in view.list("nodes")}
    desired = sum(should_run for should_run, _ in nodes.values())
    surge = scaled(dig(ds, f"{STRATEGY}.rollingUpdate.maxSurge", 0), desired, up=True)
    lacking = scaled(dig(ds, f"{STRATEGY}.rollingUpdate.maxUnavailable", 0), desired, up=True)
    return Squad(
        ds,
        history,
        nodes,
        view,
        uid=uid_of(ds),
        mark=labels_of(history.current)[HASH],
        generation=annotations_of(ds).get(GENERATION, ""),
        desired=desired,
        surge=surge,
        lacking=lacking if lacking or surge else 1,
        allows_surge=bool(dig(ds, f"{STRATEGY}.type") == "RollingUpdate" and surge),
        waits=bool(ds["spec"].get("minReadySeconds")),
    )


def oldest_first(pods: Mapping[Key, Body]) -> Sequence[Body]:
    """Those that have a node first."""
    return sorted(pods.values(), key=_order)


def staying(pods: Mapping[Key, Body]) -> Sequence[Body]:
    """In the order of their keys, without those that are about to go."""
    return [pods[key] for key in sorted(pods) if not is_deleting(pods[key])]


def _order(pod: Body) -> tuple[bool, str, str]:
    metadata = pod["metadata"]
    return not pod["spec"].get("nodeName"), metadata.get("creationTimestamp") or "", metadata["name"]
