"""The TTL-after-finished controller: Jobs that are over go after a time (Kubernetes: Automatic Cleanup for Jobs)."""

from __future__ import annotations

from collections.abc import Generator

from clusters.kinds.body import Body, Key, dig, is_deleting
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, LookAgain, Write

CONTROLLER = Controller("ttl-after-finished-controller", primary="jobs")
Writes = Generator[Write, Body | Status | None, None]


def reconcile(key: Key, view: View) -> Writes:
    """Delete it with its pods when its time has come."""
    job = view.get("jobs", key)
    due = _due(job) if job is not None and not is_deleting(job) else None
    if job is None or due is None:
        return
    if due > view.now:
        yield LookAgain(due)
        return
    seconds = job["spec"]["ttlSecondsAfterFinished"]
    yield Delete("jobs", job, why=f"It ended {seconds} seconds ago.", propagation="Foreground")


def _due(job: Body) -> Time | None:
    seconds = job["spec"].get("ttlSecondsAfterFinished")
    if seconds is None:
        return None
    for condition in dig(job, "status.conditions") or ():
        if condition["type"] in ("Complete", "Failed") and condition["status"] == "True":
            return parse(condition["lastTransitionTime"]) + int(seconds) * SECOND
    return None
