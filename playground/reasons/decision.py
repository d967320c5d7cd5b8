"""What kube-scheduler weighed for a pod, worked out once more from the objects that it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from clusters.engine import assembly
from clusters.kinds.body import Body, dig, key_of, revision_of, uid_of
from clusters.models import Change, Cluster
from clusters.reconcile.clock import Time
from clusters.reconcile.live import LiveView
from clusters.reconcile.objects import Objects
from clusters.store import read
from clusters.store.past import objects_at
from workloads.scheduler.configuration import PLACE, profiles_of
from workloads.scheduler.explain import Explanation, explain
from workloads.scheduler.profiles import Profile

ACTOR = "default-scheduler"
SEEN = (
    "configmaps", "namespaces", "nodes", "pods", "services", "poddisruptionbudgets",
    "persistentvolumeclaims", "persistentvolumes", "storageclasses", "csinodes",
)  # fmt: skip
NOT_BY_SCHEDULER = "No scheduler chose: the pod named its node from the beginning."
TOO_OLD = "The log no longer reaches back to the moment when the scheduler looked at this pod."
GATED = "It is not looked at: its scheduling gates are closed."
NOT_YET = "No scheduler has looked at it yet."
NOBODY = "No scheduler here is called “{}”, so nobody looks at it."


@dataclass(frozen=True, slots=True)
class Weighed:
    """`explanation` is None where nothing can be said but `told`. `at`, `revision`: the moment it is true of."""

    told: str = ""
    explanation: Explanation | None = None
    chosen: str = ""  # the node that the pod really got
    revision: int = 0
    at: Time = 0


def looks(cluster: Cluster, body: Body) -> list[Weighed]:
    """The scheduler's last look at the pod; before it, for a pod that others had to go for, the look at these."""
    last = weighed(cluster, body)
    promised = dig(body, "status.nominatedNodeName", "")
    if not promised or not dig(body, "spec.nodeName"):
        return [last]
    lines = Change.objects.filter(cluster=cluster, resource="pods", uid=uid_of(body), actor=ACTOR).order_by("revision")
    line = next((one for one in lines if dig(one.body, "status.nominatedNodeName") == promised), None)
    before = _before(cluster, line) if line is not None else None
    return [_again(cluster, line, before, ""), last] if before is not None else [last]


def weighed(cluster: Cluster, body: Body) -> Weighed:
    """For a pod that has a node: why this one; for one that waits: why none, at the scheduler's last look."""
    node = dig(body, "spec.nodeName", "")
    if not node and body["spec"].get("schedulingGates"):
        return Weighed(GATED)
    if body["spec"].get("schedulerName", ACTOR) not in _profiles(cluster):
        return Weighed(NOBODY.format(body["spec"]["schedulerName"])) if not node else Weighed(NOT_BY_SCHEDULER)
    # of a pod as it was, only what had happened by then
    lines = Change.objects.filter(
        cluster=cluster, resource="pods", uid=uid_of(body), revision__lte=revision_of(body)
    ).order_by("revision")
    if node:
        line = next((one for one in lines if dig(one.body, "spec.nodeName")), None)
        if line is not None and line.op == "ADDED":
            return Weighed(NOT_BY_SCHEDULER)
    else:
        line = lines.filter(actor=ACTOR).last()
    if line is None or (node and line.actor != ACTOR):
        return Weighed(TOO_OLD if node or _was_told(body) else NOT_YET)
    before = _before(cluster, line)
    return _again(cluster, line, before, node) if before is not None else Weighed(TOO_OLD)


def _profiles(cluster: Cluster) -> Mapping[str, Profile]:
    stored = read.get(cluster.pk, "configmaps", PLACE)
    return profiles_of(orjson.loads(stored.body) if stored else None)[0]


def _before(cluster: Cluster, line: Any) -> Any:
    """The pod as it was before this line of the log."""
    earlier = Change.objects.filter(cluster=cluster, resource="pods", uid=line.uid, revision__lt=line.revision)
    return earlier.order_by("revision").last()


def _again(cluster: Cluster, line: Any, before: Any, node: str) -> Weighed:
    """The scheduler's look, repeated with what was there right before it wrote."""
    pod = before.body
    own = Change.objects.filter(
        cluster=cluster, actor=ACTOR, at=line.at, cause=before.revision, revision__lt=line.revision
    )
    first = own.filter(resource="pods", revision__gt=before.revision).order_by("revision").first()
    seen = (first.revision if first is not None and not node else line.revision) - 1
    past = objects_at(cluster.pk, seen, SEEN)
    if past.lost:
        return Weighed(TOO_OLD)
    objects = Objects()
    for resource, bodies in past.objects.items():
        for one in bodies:
            objects.put(resource, key_of(one), one)
    view = LiveView(assembly.world(cluster.timings, cluster.seed, cluster.limits), objects)
    view.now = line.at
    return Weighed("", explain(pod, view), node, seen, line.at)


def _was_told(body: Body) -> bool:
    return revision_of(body) > 0 and any(
        one["type"] == "PodScheduled" and one["status"] == "False" for one in dig(body, "status.conditions") or ()
    )
