"""The CronJob controller: a Job whenever the schedule says so (Kubernetes: CronJob)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from clusters.kinds.body import Body, Key, dig, is_deleting, owner_reference, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, Time, parse, rfc3339
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, LookAgain, SetStatus, Write
from workloads.controllers.cronjob.timing import due, next_time, stamped, written
from workloads.kinds.schedule import BadSchedule, is_known_zone, parsed
from workloads.replicas.making import is_closing

SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
TOO_MANY = "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"
FORBIDDEN = "Not starting job because prior execution is running and concurrency policy is Forbid"
CONTROLLER = Controller("cronjob-controller", primary="cronjobs", watches={"jobs": by_owner("CronJob")})
Writes = Generator[Write, Body | Status | None, None]
Told = Generator[Write, Body | Status | None, Body]  # gives the status as it stands now


def reconcile(key: Key, view: View) -> Writes:
    """See what became of its Jobs, start one where it is time, forget the oldest."""
    cronjob = view.get("cronjobs", key)
    if cronjob is None:
        return
    jobs = view.owned(cronjob, "jobs")
    status = yield from _seen(cronjob, jobs)
    if not is_deleting(cronjob):
        status = yield from _started(cronjob, status, view)
        status = yield from _forgotten(cronjob, view.owned(cronjob, "jobs"), status)
    if status != (cronjob.get("status") or {}):
        yield SetStatus("cronjobs", cronjob, status)


# what became of its Jobs


def _seen(cronjob: Body, jobs: Sequence[Body]) -> Told:
    status, known = dict(cronjob.get("status") or {}), {uid_of(job): job for job in jobs}
    listed = [one["uid"] for one in status.get("active") or ()]
    for job in jobs:
        name, end = job["metadata"]["name"], finished(job)
        if uid_of(job) not in listed and not end:
            told = f"Saw a job that the controller did not create or forgot: {name}"
            yield Emit(cronjob, "Warning", "UnexpectedJob", told, because=job)
        elif uid_of(job) in listed and end:
            status = _without(status, uid_of(job))
            yield Emit(
                cronjob, "Normal", "SawCompletedJob", f"Saw completed job: {name}, condition: {end}", because=job
            )
        stamp = dig(job, "status.completionTime") if end == "Complete" else None
        if stamp and parse(stamp) > parse(status.get("lastSuccessfulTime") or "1970-01-01T00:00:00Z"):
            status["lastSuccessfulTime"] = stamp
    for reference in list(status.get("active") or ()):
        if reference["uid"] not in known:
            status = _without(status, reference["uid"])
            yield Emit(cronjob, "Normal", "MissingJob", f"Active job went missing: {reference['name']}")
    return status


def finished(job: Body) -> str:
    """`Complete`, `Failed`, or "" while it goes on."""
    for condition in dig(job, "status.conditions") or ():
        if condition["type"] in ("Complete", "Failed") and condition["status"] == "True":
            return str(condition["type"])
    return ""


def _without(status: Body, uid: str) -> Body:
    left = [one for one in status.get("active") or () if one["uid"] != uid]
    return {**status, "active": left} if left else {name: value for name, value in status.items() if name != "active"}


# the next one


def _started(cronjob: Body, status: Body, view: View) -> Told:
    spec, zone = cronjob["spec"], cronjob["spec"].get("timeZone") or ""
    if zone and not is_known_zone(zone):
        told = f'invalid timeZone: "{zone}": unknown time zone {zone}'
        yield Emit(cronjob, "Warning", "UnknownTimeZone", told)
        return status
    if spec.get("suspend"):
        return status
    try:
        schedule = parsed(spec["schedule"])
    except BadSchedule as wrong:
        yield Emit(cronjob, "Warning", "UnparseableSchedule", f"unparseable schedule: {spec['schedule']} : {wrong}")
        return status
    now = view.now // SECOND * SECOND
    later = next_time(cronjob, schedule, view.now)
    if later is not None:
        yield LookAgain(later)
    found = due({**cronjob, "status": status}, schedule, now)
    if found is None:
        return status
    if found.missed_many:
        yield Emit(cronjob, "Warning", "TooManyMissedTimes", TOO_MANY)
    return (yield from _start(cronjob, found.time, status, view))


def _start(cronjob: Body, time: Time, status: Body, view: View) -> Told:
    spec, last = cronjob["spec"], status.get("lastScheduleTime")
    deadline = spec.get("startingDeadlineSeconds")
    if deadline is not None and time + deadline * SECOND < view.now // SECOND * SECOND:
        told = f"Missed scheduled time to start a job: {written(time)}"
        yield Emit(cronjob, "Warning", "MissSchedule", told)
        return status
    if last and parse(last) >= time:
        return status
    if spec["concurrencyPolicy"] == "Forbid" and status.get("active"):
        yield Emit(cronjob, "Normal", "JobAlreadyActive", FORBIDDEN)
        return status
    if spec["concurrencyPolicy"] == "Replace":
        for reference in list(status.get("active") or ()):
            job = view.get("jobs", Key(cronjob["metadata"]["namespace"], reference["name"]))
            if job is not None:
                status = yield from _deleted(cronjob, job, status, "The next one replaces it.")
    return (yield from _made(cronjob, time, status))


def _made(cronjob: Body, time: Time, status: Body) -> Told:
    answer = yield Create("jobs", job_from(cronjob, time), why=f"It was scheduled for {rfc3339(time)}.")
    if isinstance(answer, Status):
        if answer.reason != "AlreadyExists" and not is_closing(answer):
            yield Emit(cronjob, "Warning", "FailedCreate", f"Error creating job: {answer.message}")
        return status if answer.reason != "AlreadyExists" else {**status, "lastScheduleTime": rfc3339(time)}
    assert answer is not None
    yield Emit(cronjob, "Normal", "SuccessfulCreate", f"Created job {answer['metadata']['name']}")
    active = [*(status.get("active") or ()), _reference(answer)]
    return {**status, "active": active, "lastScheduleTime": rfc3339(time)}


def job_from(cronjob: Body, time: Time) -> Body:
    """What the template describes; by its name there is only one for each time."""
    template = cronjob["spec"]["jobTemplate"]
    given = template.get("metadata") or {}
    annotations = {**(given.get("annotations") or {}), SCHEDULED: stamped(time, cronjob["spec"].get("timeZone") or "")}
    metadata = {
        "name": f"{cronjob['metadata']['name']}-{time // SECOND // 60}",
        "namespace": cronjob["metadata"]["namespace"],
        "annotations": annotations,
        "ownerReferences": [owner_reference(cronjob)],
    }
    if given.get("labels"):
        metadata["labels"] = given["labels"]
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}


def _reference(job: Body) -> Body:
    metadata = job["metadata"]
    about = {"apiVersion": job["apiVersion"], "kind": job["kind"]}
    return about | {name: metadata[name] for name in ("name", "namespace", "resourceVersion", "uid")}


# history


def _forgotten(cronjob: Body, jobs: Sequence[Body], status: Body) -> Told:
    for end, limit in (("Complete", "successfulJobsHistoryLimit"), ("Failed", "failedJobsHistoryLimit")):
        most = cronjob["spec"].get(limit)
        over = [job for job in jobs if finished(job) == end and not is_deleting(job)]
        if most is not None and len(over) > most:
            for job in sorted(over, key=_age)[: len(over) - most]:
                why = f"{most} that are over are kept."
                status = yield from _deleted(cronjob, job, status, why)
    return status


def _age(job: Body) -> tuple[str, str]:
    return dig(job, "status.startTime") or "~", job["metadata"]["name"]


def _deleted(cronjob: Body, job: Body, status: Body, why: str) -> Told:
    answer = yield Delete("jobs", job, because=cronjob, why=why, propagation="Background")
    if isinstance(answer, Status) and answer.code != 404:
        yield Emit(cronjob, "Warning", "FailedDelete", f"Deleted job: {answer.message}")
        return status
    yield from _said(cronjob, job)
    return _without(status, uid_of(job))


def _said(cronjob: Body, job: Body) -> Iterator[Emit]:
    yield Emit(cronjob, "Normal", "SuccessfulDelete", f"Deleted job {job['metadata']['name']}")
