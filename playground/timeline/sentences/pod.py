"""A pod's life: made, placed, started, ready, in trouble, asked to go, gone."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from playground.timeline.line import Happened, Name, Sentence, because
from playground.timeline.sentences.container import container

Told = tuple[Sentence, str] | None


def pod(happened: Happened) -> Told:
    if happened.op == "ADDED":
        return ("made pod ", happened.name, because(happened.why)), ""
    if happened.op == "DELETED":
        return gone(happened)
    before, after = happened.before, happened.after
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return leaving(happened)
    if dig(after, "spec.nodeName") and not dig(before, "spec.nodeName"):
        node = Name("nodes", "", after["spec"]["nodeName"])
        return ("put ", happened.name, " on ", node, because(happened.why)), ""
    return refused(happened, before) or container(happened, before) or readiness(happened, before)


def gone(happened: Happened) -> Told:
    """What was asked to go is gone; without having been asked, it was removed at once."""
    if is_deleting(happened.before or happened.after):
        return (happened.name, " is gone"), "terminating"
    return ("removed ", happened.name, because(happened.why)), "terminating"


def leaving(happened: Happened) -> Told:
    if happened.actor == "taint-eviction-controller":
        node = Name("nodes", "", dig(happened.after, "spec.nodeName", ""))
        return ("evicts ", happened.name, " from ", node), "terminating"
    return ("asked ", happened.name, " to go", because(happened.why)), "terminating"


def refused(happened: Happened, before: Body) -> Told:
    """The scheduler found no node, and says why when the reason is new."""
    now, was = unschedulable(happened.after), unschedulable(before)
    if not now or now == was:
        return None
    return ("found no node for ", happened.name, f": {now}"), "pending"


def unschedulable(body: Body) -> str:
    for one in dig(body, "status.conditions", ()):
        if one["type"] == "PodScheduled" and one["status"] == "False":
            return str(one.get("message", ""))
    return ""


def readiness(happened: Happened, before: Body) -> Told:
    was, now = is_ready(before), is_ready(happened.after)
    if now and not was:
        return (happened.name, " is ready"), "ready"
    if was and not now and not is_deleting(happened.after):
        told = because(happened.why) or ": no Service sends it anything"
        return (happened.name, f" is not ready any more{told}"), "notready"
    return None


def is_ready(body: Body) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in dig(body, "status.conditions", ()))
