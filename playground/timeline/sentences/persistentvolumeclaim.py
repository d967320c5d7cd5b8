"""Claims and volumes: asked for, found, lost, kept."""

from __future__ import annotations

from clusters.kinds.body import dig, is_deleting
from playground.timeline.line import Happened, Name, Sentence

Told = tuple[Sentence, str] | None


def persistentvolumeclaim(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made claim ", name, f" for {dig(after, 'spec.resources.requests.storage', 'storage')}"), ""
    if happened.op == "DELETED":
        return ("removed claim ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked claim ", name, " to go"), "terminating"
    was, phase = dig(before, "status.phase"), dig(after, "status.phase")
    if phase == was:
        return None
    if phase == "Bound":
        volume = Name("persistentvolumes", "", dig(after, "spec.volumeName", ""))
        return (name, " got volume ", volume), "ready"
    return ((name, " has lost its volume"), "failed") if phase == "Lost" else None


def persistentvolume(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made volume ", name, f" of {dig(after, 'spec.capacity.storage', 'some size')}"), ""
    if happened.op == "DELETED":
        return ("removed volume ", name), "terminating"
    if before is None or dig(before, "status.phase") == dig(after, "status.phase"):
        return None
    phase = dig(after, "status.phase")
    if phase == "Released" and dig(after, "spec.persistentVolumeReclaimPolicy") != "Delete":
        return (name, " has no claim any more, and keeps what is on it"), "notready"
    if phase == "Failed":
        return (name, " could not be taken away"), "failed"
    return None
