"""A DaemonSet: on which nodes its pods are, and on which they should be."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.kinds.labelselector import shown_labels
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.replicaset import pods_of, pods_table, replicas
from playground.inspector.summaries.revisions import revisions_table
from playground.inspector.telling import Fact, Summary, counted, fact


def daemonset(body: Body, around: Around) -> Summary:
    pods = pods_of(body, around)
    wanted, ready = dig(body, "status.desiredNumberScheduled", 0), dig(body, "status.numberReady", 0)
    return Summary(
        (says(body),),
        inks=(replicas(wanted, ready, pods, around),),
        facts=(*own_facts(body), *about(body, around)),
        tables=(pods_table(pods), revisions_table(body, around)),
    )


def says(body: Body) -> str:
    name, wanted = body["metadata"]["name"], dig(body, "status.desiredNumberScheduled", 0)
    ready, updated = dig(body, "status.numberReady", 0), dig(body, "status.updatedNumberScheduled", 0)
    stray = dig(body, "status.numberMisscheduled", 0)
    rest = f" On {counted(stray, 'more node')} a pod stays that would not be put there now." if stray else ""
    if not wanted:
        return f"No node is one that {name} wants a pod on.{rest}"
    if updated < wanted:
        return f"{name} replaces its pods: on {updated} of {counted(wanted, 'node')} it is the new one.{rest}"
    if ready < wanted:
        return f"{name} wants a pod on {counted(wanted, 'node')}, and {ready} of them are ready.{rest}"
    where = "the one node" if wanted == 1 else f"each of {wanted} nodes"
    return f"{name} has a ready pod on {where} that shall have one.{rest}"


def own_facts(body: Body) -> tuple[Fact, ...]:
    images = ", ".join(one.get("image", "") for one in dig(body, "spec.template.spec.containers", ()))
    strategy = dig(body, "spec.updateStrategy.type", "RollingUpdate")
    rolling = dig(body, "spec.updateStrategy.rollingUpdate", {})
    extra = f": at most {rolling.get('maxSurge')} more, {rolling.get('maxUnavailable')} fewer" if rolling else ""
    return (
        fact("Image", images, mono=True),
        fact("Nodes", shown_labels(dig(body, "spec.template.spec.nodeSelector"))),
        fact("Strategy", f"{strategy}{extra}"),
    )
