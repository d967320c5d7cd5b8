"""When does this CronJob run next, or why does it not? (Kubernetes: CronJob)"""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import parse, rfc3339
from playground.reasons.answer import Answer, Code, Link, Words, answer, figures
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker
from playground.timeline.line import Name
from workloads.controllers.cronjob.timing import next_time
from workloads.kinds.schedule import BadSchedule, parsed


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    if is_deleting(body):
        return None
    name, plan = body["metadata"]["name"], Code(dig(body, "spec.schedule", ""))
    made = maker(evidence, resource, body)
    if dig(body, "spec.suspend"):
        words: Words = ("It is suspended: its schedule ", plan, " starts nothing until somebody resumes it.")
        return answer(
            f"Why does {name} not run?", [Link(words, lookup="CronJob", tone="pending", field="spec.suspend"), made]
        )
    if (dig(body, "spec.concurrencyPolicy") == "Forbid") and (active := dig(body, "status.active", ())):
        job = Name("jobs", body["metadata"].get("namespace") or "", active[0]["name"])
        words = (job, " is still at work, and concurrencyPolicy Forbid lets no other begin.")
        return answer(
            f"Why does {name} not run?",
            [Link(words, lookup="CronJob", field="spec.concurrencyPolicy"), made],
            urgent=False,
        )
    return _next(
        name, body, evidence, [Link(("Its schedule is ", plan, "."), lookup="CronJob", field="spec.schedule"), made]
    )


def _next(name: str, body: Body, evidence: Evidence, links: list[Link]) -> Answer | None:
    try:
        due = next_time(body, parsed(dig(body, "spec.schedule", "")), evidence.now)
    except BadSchedule:
        return None
    last = dig(body, "status.lastScheduleTime")
    since = parse(last) if last else parse(body["metadata"]["creationTimestamp"])
    if due is None:
        first = Link(
            (*links[0].words, " No day is ever like that."), lookup="CronJob", tone="crash", field="spec.schedule"
        )
        return answer(f"Why does {name} never run?", [first, *links[1:]])
    rows = (("ran last", last[11:19] if last else "never yet"), ("runs next", rfc3339(due)[11:19]))
    shown = figures("The schedule", *rows, due=due, lasts=max(due - since, 1))
    return answer(f"When does {name} run next?", links, shown, urgent=False)


SCHEDULE = Question("schedule", ("cronjobs",), ask)
