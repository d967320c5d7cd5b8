"""A CronJob: when it was due last, when next, and which Jobs it has."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.age import human, since
from clusters.kinds.body import Body, controller_of, dig, uid_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Fact, Summary, Table, cell, counted, fact, linked
from playground.inspector.words import tone
from workloads.kinds import job as job_kind
from workloads.kinds.schedule import BadSchedule, is_known_zone, parsed

POLICIES = {
    "Allow": "a new Job starts beside the last one",
    "Forbid": "no new Job starts while the last one runs",
    "Replace": "a new Job takes the place of the last one",
}


def cronjob(body: Body, around: Around) -> Summary:
    jobs = [
        one
        for one in around.list("jobs", body["metadata"]["namespace"])
        if (controller_of(one) or {}).get("uid") == uid_of(body)
    ]
    return Summary(
        (says(body, around),),
        facts=(*own_facts(body, around), *about(body, around)),
        tables=(jobs_table(jobs, around),),
    )


def says(body: Body, around: Around) -> str:
    name, active = body["metadata"]["name"], len(dig(body, "status.active", ()))
    if dig(body, "spec.suspend"):
        return f"{name} is suspended: it starts nothing, whatever the time."
    running = f" {counted(active, 'Job')} of it at work now." if active else ""
    wait = next_in(body, around)
    return f"{name} starts its next Job in {wait}.{running}" if wait else f"{name} has no next time.{running}"


def next_in(body: Body, around: Around) -> str:
    zone = dig(body, "spec.timeZone", "")
    if not is_known_zone(zone):
        return ""
    try:
        time = parsed(dig(body, "spec.schedule", "")).first_after(around.now, zone)
    except BadSchedule:
        return ""
    return human(time - around.now) if time is not None else ""


def own_facts(body: Body, around: Around) -> tuple[Fact, ...]:
    last, policy = dig(body, "status.lastScheduleTime"), dig(body, "spec.concurrencyPolicy", "Allow")
    kept = f"{dig(body, 'spec.successfulJobsHistoryLimit', 3)} that succeeded, "
    return (
        fact("Schedule", dig(body, "spec.schedule", ""), mono=True),
        fact("Time zone", dig(body, "spec.timeZone", "UTC")),
        fact("Last time", f"{since(last, around.now)} ago" if last else "not yet"),
        fact("When they meet", f"{policy}: {POLICIES.get(policy, '')}"),
        fact("Keeps", f"{kept}{dig(body, 'spec.failedJobsHistoryLimit', 1)} that failed"),
    )


def jobs_table(jobs: Sequence[Body], around: Around) -> Table:
    rows = []
    for one in jobs:
        key, word = one["metadata"], job_kind.word(one)
        far = job_kind.completions(one, around.now)
        rows.append((linked("jobs", key["namespace"], key["name"]), cell(word, tone(word)), cell(far)))
    return Table("Jobs", ("Name", "State", "Done"), tuple(rows), empty="It has none now.")
