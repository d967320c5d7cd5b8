"""The pods of each DaemonSet by the node that they are for, and which nodes it wants: kept warm, as nodes are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from clusters.kinds.body import Body, Key, controller_of, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.nodeselectors import REQUIRED
from clusters.reconcile.conditions import is_true
from workloads.controllers.daemonset.eligible import Verdict, verdict
from workloads.replicas.readiness import phase
from workloads.replicas.revisions import POD_LABEL

ENDED = ("Succeeded", "Failed")
GENERATION_LABEL = "pod-template-generation"


class Calm(NamedTuple):
    """The only pod for its node, alive and staying: most are so, most of the time."""

    pod: Body
    ready: bool
    mark: str
    generation: str


class Placed:
    """The cache. What has ended and is about to go does not count any more."""

    resources: tuple[str, ...] = ("pods", "nodes", "daemonsets")

    def __init__(self) -> None:
        self._pods: dict[str, dict[str, dict[Key, Body]]] = {}
        self._calm: dict[str, dict[str, Calm]] = {}
        self._verdicts: dict[str, dict[str, Verdict]] = {}
        self._marks: dict[str, Counter[tuple[str, str]]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "pods":
            for pod, comes in ((old, False), (new, True)):
                owner = controller_of(pod) if pod else None
                if pod is not None and owner and owner["kind"] == "DaemonSet":
                    self._move(str(owner["uid"]), target(pod), pod, comes=comes)
        elif resource == "nodes":
            self._node_changed(new, old)
        elif old is not None and (new is None or new["spec"]["template"] != old["spec"]["template"]):
            self._verdicts.pop(uid_of(old), None)

    def of(self, uid: str) -> Mapping[str, Mapping[Key, Body]]:
        """By node; "" for pods that are for none."""
        return self._pods.get(uid, {})

    def calm(self, uid: str) -> Mapping[str, Calm]:
        """Of those nodes that have exactly one, which lives and stays."""
        return self._calm.get(uid, {})

    def marks(self, uid: str) -> Iterable[tuple[str, str]]:
        """The templates that its pods are of, by hash and number."""
        return self._marks.get(uid, ())

    def verdict(self, ds: Body, node: Body) -> Verdict:
        """What `eligible.verdict` says, asked once."""
        known = self._verdicts.setdefault(uid_of(ds), {})
        name = node["metadata"]["name"]
        if name not in known:
            known[name] = verdict(ds, node)
        return known[name]

    def _node_changed(self, new: Body | None, old: Body | None) -> None:
        if new and old and new["spec"] == old["spec"] and labels_of(new) == labels_of(old):
            return
        for known in self._verdicts.values():
            known.pop((new or old or {})["metadata"]["name"], None)

    def _move(self, uid: str, node: str, pod: Body, *, comes: bool) -> None:
        on_node = self._pods.setdefault(uid, {}).setdefault(node, {})
        self._count(uid, pod, 1 if comes else -1)
        if comes and not (is_deleting(pod) and phase(pod) in ENDED):
            on_node[key_of(pod)] = pod
        else:
            on_node.pop(key_of(pod), None)
        self._look(uid, node, on_node)
        if not on_node:
            del self._pods[uid][node]
            if not self._pods[uid]:
                del self._pods[uid]

    def _count(self, uid: str, pod: Body, step: int) -> None:
        marks = self._marks.setdefault(uid, Counter())
        mark = mark_of(pod)
        marks[mark] += step
        if not marks[mark]:
            del marks[mark]
        if not marks:
            del self._marks[uid]

    def _look(self, uid: str, node: str, pods: Mapping[Key, Body]) -> None:
        calm = self._calm.setdefault(uid, {})
        pod = next(iter(pods.values())) if len(pods) == 1 else None
        if pod is None or is_deleting(pod) or phase(pod) in ENDED:
            calm.pop(node, None)
            if not calm:
                del self._calm[uid]
            return
        calm[node] = calm_of(pod)


def calm_of(pod: Body) -> Calm:
    return Calm(pod, is_true(pod, "Ready"), *mark_of(pod))


def mark_of(pod: Body) -> tuple[str, str]:
    """The hash and the number of the template that it was made from."""
    labels = labels_of(pod)
    return labels.get(POD_LABEL, ""), labels.get(GENERATION_LABEL, "")


def target(pod: Body) -> str:
    """The node that it runs on, or the one that its affinity names (daemon/util: GetTargetNodeName)."""
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    for term in dig(pod["spec"], f"{REQUIRED}.nodeSelectorTerms") or ():
        for rule in term.get("matchFields") or ():
            if rule["key"] == "metadata.name" and rule["operator"] == "In" and len(rule["values"]) == 1:
                return str(rule["values"][0])
    return ""
