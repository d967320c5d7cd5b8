"""StatefulSets: members come and go in order, a new template goes from the last to the first."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from playground.timeline.line import Happened, Sentence
from playground.timeline.sentences.deployment import images, pods, replicas, template

Told = tuple[Sentence, str] | None


def statefulset(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made StatefulSet ", name, f" with {pods(replicas(after))}"), ""
    if happened.op == "DELETED":
        return ("removed StatefulSet ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked StatefulSet ", name, " to go"), "terminating"
    if replicas(before) != replicas(after):
        return ("scaled ", name, f" from {replicas(before)} to {replicas(after)}"), ""
    if template(before) != template(after):
        return ("gave ", name, f" a new pod template{images(before, after)}: {way(after)}"), ""
    if partition(before) != partition(after):
        return ("set the partition of ", name, f" from {partition(before)} to {partition(after)}"), ""
    return progress(happened, before)


def progress(happened: Happened, before: Body) -> Told:
    """Said once: when all members are of the template, and ready."""
    if complete(happened.after) and not complete(before):
        wanted = replicas(happened.after)
        return ("says that ", happened.name, f" is complete: {wanted} of {wanted}"), "ready"
    return None


def complete(body: Body) -> bool:
    wanted = replicas(body)
    seen = dig(body, "status.observedGeneration", 0) >= dig(body, "metadata.generation", 0)
    counts = ("replicas", "availableReplicas")
    return seen and wanted > 0 and is_settled(body) and all(dig(body, f"status.{one}", 0) == wanted for one in counts)


def is_settled(body: Body) -> bool:
    """All that shall be of the new template are."""
    return bool(dig(body, "status.updatedReplicas", 0) >= max(replicas(body) - partition(body), 0))


def way(body: Body) -> str:
    if dig(body, "spec.updateStrategy.type") == "OnDelete":
        return "each member gets it when somebody deletes it"
    if partition(body):
        return f"members from {partition(body)} on get it, the last one first"
    return "the last member gets it first"


def partition(body: Body) -> int:
    return int(dig(body, "spec.updateStrategy.rollingUpdate.partition", 0))
