"""A replica set or replication controller: how many pods it wants and which it has."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, controller_of, dig, uid_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Ink, Summary, Table, cell, counted, linked
from playground.inspector.words import condition


def replicaset(body: Body, around: Around) -> Summary:
    name, wanted = body["metadata"]["name"], dig(body, "spec.replicas", 0)
    pods = pods_of(body, around)
    ready = dig(body, "status.readyReplicas", 0)
    if wanted == 0 and not pods:
        kept = " It is kept so that a rollout can be undone." if body["kind"] == "ReplicaSet" else ""
        says = f"{name} wants no pods.{kept}"
    else:
        says = f"{name} wants {counted(wanted, 'pod')}: it has {len(pods)}, of which {ready} ready."
    image = ", ".join(one.get("image", "") for one in dig(body, "spec.template.spec.containers", ()))
    return Summary(
        (f"{says} Image: {image}.",),
        inks=(replicas(wanted, ready, pods, around),),
        facts=about(body, around),
        tables=(pods_table(pods),),
    )


def pods_of(owner: Body, around: Around) -> list[Body]:
    namespace = owner["metadata"]["namespace"]
    return [pod for pod in around.list("pods", namespace) if (controller_of(pod) or {}).get("uid") == uid_of(owner)]


def replicas(wanted: int, ready: int, pods: Sequence[Body], around: Around) -> Ink:
    """Wanted by the spec, ready by the status, and how many have a process that truly runs."""
    return Ink("Pods", str(wanted), str(ready), str(len(alive(pods, around))))


def alive(pods: Sequence[Body], around: Around) -> list[Body]:
    """Those with a process that runs on a machine with power."""
    powered = [one["metadata"]["name"] for one in around.list("machines") if one.get("power") == "on"]
    busy = {one["metadata"]["name"] for one in around.list("sandboxes") if one.get("running")}
    return [pod for pod in pods if dig(pod, "spec.nodeName") in powered and uid_of(pod) in busy]


def pods_table(pods: Sequence[Body]) -> Table:
    rows = []
    for pod in pods:
        key = pod["metadata"]
        ready = "ready" if condition(pod, "Ready") == "True" else "not ready"
        node = dig(pod, "spec.nodeName", "")
        where = linked("nodes", "", node) if node else cell("no node yet")
        rows.append(
            (
                linked("pods", key["namespace"], key["name"]),
                where,
                cell(ready, "ready" if ready == "ready" else "running"),
            )
        )
    return Table("Pods", ("Name", "Node", "Readiness"), tuple(rows), empty="It has no pods.")
