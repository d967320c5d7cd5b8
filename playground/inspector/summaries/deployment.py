"""A Deployment: its rollout, and the replica sets that carry it out."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, annotations_of, controller_of, dig, uid_of
from clusters.kinds.number import whole_number
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.replicaset import pods_of, pods_table, replicas
from playground.inspector.telling import Fact, Summary, Table, cell, counted, fact, linked
from playground.inspector.words import condition_of

REVISION = "deployment.kubernetes.io/revision"


def deployment(body: Body, around: Around) -> Summary:
    sets = [
        rs
        for rs in around.list("replicasets", body["metadata"]["namespace"])
        if (controller_of(rs) or {}).get("uid") == uid_of(body)
    ]
    pods = [pod for rs in sets for pod in pods_of(rs, around)]
    wanted, ready = dig(body, "spec.replicas", 0), dig(body, "status.readyReplicas", 0)
    return Summary(
        (says(body),),
        inks=(replicas(wanted, ready, pods, around),),
        facts=(*own_facts(body), *about(body, around)),
        tables=(sets_table(sets), pods_table(pods)),
    )


def says(body: Body) -> str:
    name, wanted = body["metadata"]["name"], dig(body, "spec.replicas", 0)
    updated, ready = dig(body, "status.updatedReplicas", 0), dig(body, "status.readyReplicas", 0)
    if dig(body, "spec.paused"):
        return f"The rollout of {name} is paused: changes of its template wait. {ready} of {wanted} pods are ready."
    if condition_of(body, "Progressing").get("reason") == "ProgressDeadlineExceeded":
        return f"The rollout of {name} is stuck: {updated} of {wanted} new pods, and no progress for too long."
    if updated < wanted or dig(body, "status.replicas", 0) > updated:
        return f"{name} rolls out: {updated} of {wanted} pods are of the new template, {ready} are ready."
    if ready < wanted:
        return f"{name} wants {counted(wanted, 'pod')}, and {ready} of them are ready."
    return f"{name} has all {wanted} pods that it wants, each ready." if wanted else f"{name} wants no pods now."


def own_facts(body: Body) -> tuple[Fact, ...]:
    images = ", ".join(one.get("image", "") for one in dig(body, "spec.template.spec.containers", ()))
    strategy = dig(body, "spec.strategy.type", "RollingUpdate")
    rolling = dig(body, "spec.strategy.rollingUpdate", {})
    extra = f": at most {rolling.get('maxSurge')} more, {rolling.get('maxUnavailable')} fewer" if rolling else ""
    return (
        fact("Image", images, mono=True),
        fact("Strategy", f"{strategy}{extra}"),
        fact("Revision", annotations_of(body).get(REVISION, "none yet")),
    )


def sets_table(sets: Sequence[Body]) -> Table:
    newest_first = sorted(sets, key=lambda rs: whole_number(annotations_of(rs).get(REVISION, "")) or 0, reverse=True)
    rows = [
        (
            linked("replicasets", rs["metadata"]["namespace"], rs["metadata"]["name"]),
            cell(annotations_of(rs).get(REVISION, "")),
            cell(f"{dig(rs, 'status.readyReplicas', 0)}/{dig(rs, 'spec.replicas', 0)}"),
        )
        for rs in newest_first
    ]
    return Table("Replica sets", ("Name", "Revision", "Ready"), tuple(rows), empty="It has none yet.")
