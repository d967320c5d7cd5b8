"""When to try again what was refused (client-go: the work queue's exponential back-off)."""

from __future__ import annotations

from clusters.kinds.body import Body, key_of, uid_of
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain

FIRST, MOST = SECOND, 1000 * SECOND


def again(owner: Body, message: str, view: View) -> LookAgain:
    """After as long as it has been refused already, which the Event that says so remembers."""
    events = view.list("events", key_of(owner).namespace)
    said = (e for e in events if e["message"] == message and e["involvedObject"].get("uid") == uid_of(owner))
    since: Time = min((parse(event["firstTimestamp"]) for event in said), default=view.now)
    return LookAgain(view.now + min(max(view.now - since, FIRST), MOST))
