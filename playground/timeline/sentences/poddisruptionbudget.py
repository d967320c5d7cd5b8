"""Budgets come and go, and say when they have nothing left to give."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.timeline.line import Happened, Sentence

Told = tuple[Sentence, str] | None


def poddisruptionbudget(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made PodDisruptionBudget ", name), ""
    if happened.op == "DELETED":
        return ("removed PodDisruptionBudget ", name), ""
    if before is None or not dig(after, "status.expectedPods"):
        return None
    was, now = allowed(before), allowed(after)
    if was and not now:
        return ("says that ", name, " lets nobody more go"), "pending"
    if now and not was:
        return ("says that ", name, f" lets {now} go again"), ""
    return None


def allowed(body: Body) -> int:
    return int(dig(body, "status.disruptionsAllowed", 0))
