"""A StatefulSet: its members, each with a name of its own, and how far an update is."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.replicaset import pods_of, pods_table, replicas
from playground.inspector.summaries.revisions import revisions_table
from playground.inspector.telling import Fact, Ref, Summary, Table, cell, counted, fact, linked


def statefulset(body: Body, around: Around) -> Summary:
    pods = pods_of(body, around)
    wanted, ready = dig(body, "spec.replicas", 0), dig(body, "status.readyReplicas", 0)
    return Summary(
        (says(body),),
        inks=(replicas(wanted, ready, pods, around),),
        facts=(*own_facts(body), *about(body, around)),
        tables=(pods_table(pods), *claims_tables(body, around), revisions_table(body, around)),
    )


def says(body: Body) -> str:
    name, wanted = body["metadata"]["name"], dig(body, "spec.replicas", 0)
    ready, updated = dig(body, "status.readyReplicas", 0), dig(body, "status.updatedReplicas", 0)
    if dig(body, "status.currentRevision") != dig(body, "status.updateRevision"):
        return f"{name} is between two templates: {updated} of {wanted} members are of the new one, {ready} are ready."
    if ready < wanted:
        last = "" if dig(body, "spec.podManagementPolicy") == "Parallel" else " Each waits for the one before it."
        return f"{name} wants {counted(wanted, 'member')}, and {ready} of them are ready.{last}"
    return f"{name} has all {wanted} members that it wants, each ready." if wanted else f"{name} wants no members now."


def own_facts(body: Body) -> tuple[Fact, ...]:
    images = ", ".join(one.get("image", "") for one in dig(body, "spec.template.spec.containers", ()))
    strategy = dig(body, "spec.updateStrategy.type", "RollingUpdate")
    partition = dig(body, "spec.updateStrategy.rollingUpdate.partition", 0)
    until = f", down to ordinal {partition}" if partition else ""
    policy = dig(body, "spec.persistentVolumeClaimRetentionPolicy", {})
    service = dig(body, "spec.serviceName", "")
    kept = f"when scaled: {policy.get('whenScaled', 'Retain')}, when deleted: {policy.get('whenDeleted', 'Retain')}"
    return (
        fact("Image", images, mono=True),
        fact("Order", dig(body, "spec.podManagementPolicy", "OrderedReady")),
        fact("Strategy", f"{strategy}{until}"),
        *([fact("Names by", Ref("services", body["metadata"]["namespace"], service))] if service else []),
        *([fact("Claims", kept)] if dig(body, "spec.volumeClaimTemplates") else []),
    )


def claims_tables(body: Body, around: Around) -> tuple[Table, ...]:
    """The claims of its members, those of former members among them."""
    templates = dig(body, "spec.volumeClaimTemplates", ())
    if not templates:
        return ()
    space, name = body["metadata"]["namespace"], body["metadata"]["name"]
    prefixes = tuple(f"{one['metadata']['name']}-{name}-" for one in templates)
    found = [
        one for one in around.list("persistentvolumeclaims", space) if one["metadata"]["name"].startswith(prefixes)
    ]
    rows = tuple(
        (
            linked("persistentvolumeclaims", space, one["metadata"]["name"]),
            cell(dig(one, "status.phase", "Pending")),
            cell(dig(one, "status.capacity.storage", "")),
        )
        for one in found
    )
    return (Table("Claims", ("Name", "State", "Size"), rows, empty="It has none yet."),)
