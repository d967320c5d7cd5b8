"""DaemonSets: a pod on every node, and what becomes of a new template."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from playground.timeline.line import Happened, Sentence
from playground.timeline.sentences.deployment import images, template

Told = tuple[Sentence, str] | None


def daemonset(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made DaemonSet ", name), ""
    if happened.op == "DELETED":
        return ("removed DaemonSet ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked DaemonSet ", name, " to go"), "terminating"
    if template(before) != template(after):
        by_hand = dig(after, "spec.updateStrategy.type") == "OnDelete"
        how = "each pod gets it when somebody deletes it" if by_hand else "node by node"
        return ("gave ", name, f" a new pod template{images(before, after)}: {how}"), ""
    return progress(happened, before)


def progress(happened: Happened, before: Body) -> Told:
    """On how many nodes it belongs, when that changes; and when it is on all of them."""
    if complete(happened.after) and not complete(before):
        return ("says that ", happened.name, f" is ready on {nodes(desired(happened.after))}"), "ready"
    if desired(before) and desired(before) != desired(happened.after):
        return ("wants ", happened.name, f" on {nodes(desired(happened.after))}, not {desired(before)}"), ""
    return None


def complete(body: Body) -> bool:
    counts = ("updatedNumberScheduled", "numberAvailable")
    seen = dig(body, "status.observedGeneration", 0) >= dig(body, "metadata.generation", 0)
    return seen and desired(body) > 0 and all(dig(body, f"status.{one}", 0) == desired(body) for one in counts)


def desired(body: Body) -> int:
    return int(dig(body, "status.desiredNumberScheduled", 0))


def nodes(number: int) -> str:
    return "1 node" if number == 1 else f"{number} nodes"
