"""A claim and a volume: who has whom, who uses it, and what truly stands on the disk (Persistent Volumes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.accessmodes import shown
from clusters.kinds.body import Body, dig, is_deleting, key_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Cell, Fact, Ref, Summary, Table, Words, cell, counted, fact, linked, pod_ref

FATE = {"Delete": "goes with its claim", "Retain": "stays when its claim goes", "Recycle": "stays when its claim goes"}


def persistentvolumeclaim(body: Body, around: Around) -> Summary:
    pods = list(users(body, around))
    return Summary(
        claim_says(body, pods, around), facts=(*claim_facts(body), *about(body, around)), tables=(users_table(pods),)
    )


def persistentvolume(body: Body, around: Around) -> Summary:
    return Summary(
        volume_says(body), facts=(*volume_facts(body), *about(body, around)), tables=tuple(disk_table(body, around))
    )


def users(claim: Body, around: Around) -> Iterator[Body]:
    """The pods that mount it."""
    key = key_of(claim)
    for pod in around.list("pods", key.namespace):
        for volume in dig(pod, "spec.volumes", ()):
            own = f"{pod['metadata']['name']}-{volume['name']}" if volume.get("ephemeral") else ""
            if key.name in (dig(volume, "persistentVolumeClaim.claimName"), own):
                yield pod
                break


def claim_says(body: Body, pods: Sequence[Body], around: Around) -> Words:
    name, size = body["metadata"]["name"], dig(body, "spec.resources.requests.storage", "some storage")
    phase, volume = dig(body, "status.phase"), dig(body, "spec.volumeName", "")
    if is_deleting(body):
        waits = f"{counted(len(pods), 'pod')} that still use it" if pods else "somebody who holds it"
        return (f"{name} was asked to go, and waits for {waits}.",)
    if phase == "Bound":
        return (f"{name} asked for {size} and has ", Ref("persistentvolumes", "", volume), ".")
    if phase == "Lost":
        return (f"{name} has lost its volume, and what was on it with it.",)
    storage = around.get("storageclasses", "", dig(body, "spec.storageClassName", ""))
    if storage and storage.get("volumeBindingMode") == "WaitForFirstConsumer" and not pods:
        return (f"{name} asks for {size}. Nothing is made before the first pod uses it.",)
    return (f"{name} asks for {size} and has no volume yet.",)


def volume_says(body: Body) -> Words:
    name, claim = body["metadata"]["name"], body["spec"].get("claimRef") or {}
    size = dig(body, "spec.capacity.storage", "some storage")
    who = Ref("persistentvolumeclaims", claim.get("namespace", ""), claim.get("name", ""))
    phase, fate = dig(body, "status.phase"), FATE.get(body["spec"].get("persistentVolumeReclaimPolicy", ""), "")
    if phase == "Bound":
        return (f"{name} ({size}) belongs to ", who, f". It {fate}.")
    if phase == "Released":
        return (f"{name} belonged to {who}, which is gone. What is on it is still there; no other claim gets it.",)
    if phase == "Available":
        return (f"{name} ({size}) is free: a claim that suits it gets it.",)
    return (f"{name} could not be taken away: {dig(body, 'status.message', 'nobody says why')}",)


def claim_facts(body: Body) -> Iterator[Fact]:
    yield fact("Asks for", dig(body, "spec.resources.requests.storage", "–"))
    yield fact("Has", dig(body, "status.capacity.storage", "nothing yet"))
    yield fact("Access", shown(dig(body, "spec.accessModes")))
    storage = dig(body, "spec.storageClassName", "")
    yield fact("StorageClass", Ref("storageclasses", "", storage) if storage else "none")


def volume_facts(body: Body) -> Iterator[Fact]:
    yield fact("Capacity", dig(body, "spec.capacity.storage", "–"))
    yield fact("Access", shown(dig(body, "spec.accessModes")))
    yield fact("Reclaim policy", body["spec"].get("persistentVolumeReclaimPolicy", "–"))
    path = dig(body, "spec.hostPath.path") or dig(body, "spec.local.path")
    if path:
        yield fact("On the machine at", path, mono=True)


def users_table(pods: Sequence[Body]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for pod in pods:
        node = dig(pod, "spec.nodeName", "")
        rows.append((Cell((pod_ref(pod),)), linked("nodes", "", node) if node else cell("–")))
    return Table("Used by", ("Pod", "Node"), tuple(rows), empty="No pod uses it.")


def disk_table(body: Body, around: Around) -> Iterator[Table]:
    """The true ink: the files on the disk."""
    disk = around.get("disks", "", dig(body, "spec.csi.volumeHandle", ""))
    if disk is not None:
        files = sorted(name for name in disk.get("files") or {} if not name.endswith("/"))
        rows = tuple((cell(name),) for name in files[:50])
        yield Table("Files on the disk", ("Name",), rows, empty="It is empty.")
