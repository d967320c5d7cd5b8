"""Jobs begin, are suspended, succeed or fail; CronJobs start them by the clock."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from playground.timeline.line import Happened, Sentence, because
from playground.timeline.sentences.deployment import pods

Told = tuple[Sentence, str] | None


def job(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made Job ", name, because(happened.why)), ""
    if happened.op == "DELETED":
        return ("removed Job ", name), ""
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked Job ", name, " to go", because(happened.why)), "terminating"
    if bool(dig(before, "spec.suspend")) != bool(dig(after, "spec.suspend")):
        return ("suspended" if dig(after, "spec.suspend") else "resumed", " Job ", name), ""
    if dig(before, "spec.parallelism") != dig(after, "spec.parallelism"):
        return ("lets ", name, f" run {pods(dig(after, 'spec.parallelism', 0))} at once"), ""
    return ending(happened, before)


def ending(happened: Happened, before: Body) -> Told:
    """Said once: the reason when it is decided, the end when it is over."""
    if is_true(happened.after, "Complete") and not is_true(before, "Complete"):
        return ("says that ", happened.name, f" is complete{far(happened.after)}"), "completed"
    if is_true(happened.after, "Failed") and not is_true(before, "Failed"):
        return ("says that ", happened.name, f" has failed: {message(happened.after, 'Failed')}"), "crash"
    return None


def far(body: Body) -> str:
    wanted = dig(body, "spec.completions")
    return f": {dig(body, 'status.succeeded', 0)} of {wanted}" if wanted is not None else ""


def cronjob(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        return ("made CronJob ", name, f" with the schedule {dig(after, 'spec.schedule', '')}"), ""
    if happened.op == "DELETED":
        return ("removed CronJob ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked CronJob ", name, " to go"), "terminating"
    if bool(dig(before, "spec.suspend")) != bool(dig(after, "spec.suspend")):
        return ("suspended" if dig(after, "spec.suspend") else "resumed", " CronJob ", name), ""
    if dig(before, "spec.schedule") != dig(after, "spec.schedule"):
        return ("set the schedule of ", name, f" to {dig(after, 'spec.schedule', '')}"), ""
    return None


def is_true(body: Body, type_: str) -> bool:
    return any(one["type"] == type_ and one["status"] == "True" for one in dig(body, "status.conditions", ()))


def message(body: Body, type_: str) -> str:
    found = (str(one.get("message", "")) for one in dig(body, "status.conditions", ()) if one["type"] == type_)
    return next(found, "")
