"""Deployments roll out; their replica sets grow and shrink."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, without
from playground.timeline.line import Happened, Sentence, because

Told = tuple[Sentence, str] | None


def deployment(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made Deployment ", name, f" with {pods(replicas(after))}"), ""
    if happened.op == "DELETED":
        return ("removed Deployment ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked Deployment ", name, " to go"), "terminating"
    if replicas(before) != replicas(after):
        return ("scaled ", name, f" from {replicas(before)} to {replicas(after)}"), ""
    if template(before) != template(after):
        return ("gave ", name, f" a new pod template{images(before, after)}: it rolls out"), ""
    if bool(dig(before, "spec.paused")) != bool(dig(after, "spec.paused")):
        return ("paused" if dig(after, "spec.paused") else "resumed", " the rollout of ", name), ""
    return progress(happened, before)


def progress(happened: Happened, before: Body) -> Told:
    """Said once: when all are new and ready, and when it is stuck."""
    if reason(happened.after) == "ProgressDeadlineExceeded" != reason(before):
        return ("says that the rollout of ", happened.name, " is stuck: no progress for too long"), "crash"
    if complete(happened.after) and not complete(before):
        return (
            "says that ",
            happened.name,
            f" is complete: {replicas(happened.after)} of {replicas(happened.after)}",
        ), "ready"
    return None


def complete(body: Body) -> bool:
    wanted = replicas(body)
    counts = ("replicas", "updatedReplicas", "availableReplicas")
    seen = dig(body, "status.observedGeneration", 0) >= dig(body, "metadata.generation", 0)
    return seen and wanted > 0 and all(dig(body, f"status.{count}", 0) == wanted for count in counts)


def reason(body: Body) -> str:
    return next(
        (str(one.get("reason")) for one in dig(body, "status.conditions", ()) if one["type"] == "Progressing"), ""
    )


def replicaset(happened: Happened) -> Told:
    """A ReplicationController, too."""
    name, before, after = happened.name, happened.before, happened.after
    kind = f"{after['kind']} "
    if happened.op == "ADDED":
        return (f"made {kind}", name, because(happened.why) or f" for {pods(replicas(after))}"), ""
    if happened.op == "DELETED":
        return (f"removed {kind}", name), ""
    if before and replicas(before) != replicas(after):
        return (f"scaled {kind}", name, f" from {replicas(before)} to {replicas(after)}"), ""
    return None


def replicas(body: Body) -> int:
    return int(dig(body, "spec.replicas", 0))


def template(body: Body) -> Body:
    return dict(dig(body, "spec.template", {}))


def images(before: Body, after: Body) -> str:
    """`: nginx:1.28 becomes nginx:1.29`, when it is that."""
    old = [one.get("image", "") for one in dig(before, "spec.template.spec.containers", ())]
    new = [one.get("image", "") for one in dig(after, "spec.template.spec.containers", ())]
    changed = [f"{was} becomes {now}" for was, now in zip(old, new, strict=False) if was != now]
    if changed:
        return f" ({', '.join(changed)})"
    same = without(template(before), "metadata") == without(template(after), "metadata")
    return " (a restart)" if same else ""


def pods(number: int) -> str:
    return "1 pod" if number == 1 else f"{number} pods"
