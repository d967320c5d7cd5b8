"""The pods of each DaemonSet by the node that they are for, kept warm: a pod's change costs the same at any size."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body, Key, controller_of, dig, is_deleting, key_of
from clusters.kinds.nodeselectors import REQUIRED
from workloads.replicas.readiness import phase

ENDED = ("Succeeded", "Failed")


class Placed:
    """The cache. What has ended and is about to go does not count any more."""

    def __init__(self) -> None:
        self._pods: dict[str, dict[str, dict[Key, Body]]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource != "pods":
            return
        for pod, comes in ((old, False), (new, True)):
            owner = controller_of(pod) if pod else None
            if pod is not None and owner and owner["kind"] == "DaemonSet":
                self._move(str(owner["uid"]), target(pod), pod, comes=comes)

    def of(self, uid: str) -> Mapping[str, Mapping[Key, Body]]:
        """By node; "" for pods that are for none."""
        return self._pods.get(uid, {})

    def _move(self, uid: str, node: str, pod: Body, *, comes: bool) -> None:
        on_node = self._pods.setdefault(uid, {}).setdefault(node, {})
        if comes and not (is_deleting(pod) and phase(pod) in ENDED):
            on_node[key_of(pod)] = pod
        else:
            on_node.pop(key_of(pod), None)
        if not on_node:
            del self._pods[uid][node]
            if not self._pods[uid]:
                del self._pods[uid]


def target(pod: Body) -> str:
    """The node that it runs on, or the one that its affinity names (daemon/util: GetTargetNodeName)."""
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    for term in dig(pod["spec"], f"{REQUIRED}.nodeSelectorTerms") or ():
        for rule in term.get("matchFields") or ():
            if rule["key"] == "metadata.name" and rule["operator"] == "In" and len(rule["values"]) == 1:
                return str(rule["values"][0])
    return ""
