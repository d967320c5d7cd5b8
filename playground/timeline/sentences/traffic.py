"""Traffic: when it begins, pauses and ends, and when requests begin to fail. Counts alone are no news."""

from __future__ import annotations

from clusters.kinds.body import dig
from networking.kinds.traffic import target
from playground.timeline.line import Happened, Sentence


def traffic(happened: Happened) -> tuple[Sentence, str] | None:
    after, before = happened.after, happened.before
    goal = target(after)
    if happened.op == "ADDED":
        return (f"began to send {dig(after, 'spec.rate', 0)} requests a second to {goal}: ", happened.name), "ready"
    if happened.op == "DELETED":
        return ("stopped ", happened.name), ""
    if before is None:
        return None
    if dig(after, "spec.rate") != dig(before, "spec.rate"):
        return ("set the rate of ", happened.name, f" to {dig(after, 'spec.rate', 0)} requests a second"), ""
    word, was = dig(after, "status.phase"), dig(before, "status.phase")
    if word != was and word in ("Paused", "Finished"):
        return (happened.name, " is paused." if word == "Paused" else " has sent all that it should."), ""
    new = [one["reason"] for one in dig(after, "status.reasons") or ()]
    old = [one["reason"] for one in dig(before, "status.reasons") or ()]
    first = next((reason for reason in new if reason not in old), None)
    return ((happened.name, f": requests to {goal} began to fail: {first}."), "crash") if first else None
