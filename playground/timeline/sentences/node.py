"""Nodes come, fall silent, are cordoned, tainted, and go."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.timeline.line import Happened, Sentence


def node(happened: Happened) -> tuple[Sentence, str] | None:
    name, before = happened.name, happened.before
    if happened.op == "ADDED":
        return (name, " joined the cluster"), ""
    if happened.op == "DELETED":
        return ("removed ", name), ""
    if before is None:
        return None
    was, ready = readiness(before), readiness(happened.after)
    if was != ready:
        return heard(happened, ready)
    if dig(before, "spec.unschedulable") != dig(happened.after, "spec.unschedulable"):
        if dig(happened.after, "spec.unschedulable"):
            return ("cordoned ", name, ": no new pods go there"), ""
        return ("uncordoned ", name, ": it takes new pods again"), ""
    return tainted(happened, before)


def readiness(body: Body) -> str:
    return next((str(one["status"]) for one in dig(body, "status.conditions", ()) if one["type"] == "Ready"), "")


def heard(happened: Happened, ready: str) -> tuple[Sentence, str]:
    if ready == "True":
        return (happened.name, " is Ready"), "ready"
    if ready == "Unknown":
        return (happened.name, f" stopped answering: {happened.actor} marked it NotReady"), "notready"
    return (happened.name, " is up, but not ready yet"), ""


def tainted(happened: Happened, before: Body) -> tuple[Sentence, str] | None:
    old, new = taints(before), taints(happened.after)
    gained = [taint for taint in new if taint not in old and "NoExecute" in taint]
    lost = [taint for taint in old if taint not in new and "NoExecute" in taint]
    if gained:
        return ("tainted ", happened.name, f" with {gained[0]}: its pods must go soon"), "notready"
    if lost:
        return (f"took the taint {lost[0]} off ", happened.name), ""
    return None


def taints(body: Body) -> list[str]:
    return [f"{one['key']}:{one['effect']}" for one in dig(body, "spec.taints", ())]
