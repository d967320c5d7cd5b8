"""A Job again and again, by the clock (Kubernetes: CronJob)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed, since
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown
from clusters.kinds.metadata import annotation_problems, label_problems, number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time
from workloads.kinds.jobspec.defaults import fill_in_patterns, with_numbers
from workloads.kinds.jobspec.problems import job_spec_problems
from workloads.kinds.schedule import BadSchedule, has_zone, is_known_zone, parsed
from workloads.kinds.template import fill_in_template

POLICIES = ("Allow", "Forbid", "Replace")
LONGEST_NAME = 52  # a Job's name is made of it, with eleven characters for the time
HISTORY = {"successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1}


def fill_in(cronjob: Body) -> None:
    spec = cronjob.setdefault("spec", {})
    spec["concurrencyPolicy"] = spec.get("concurrencyPolicy") or "Allow"
    if spec.get("suspend") is None:
        spec["suspend"] = False
    for name, value in HISTORY.items():
        if spec.get(name) is None:
            spec[name] = value
    template = spec["jobTemplate"] = spec.get("jobTemplate") or {}
    template["metadata"] = template.get("metadata") or {}
    template["spec"] = template.get("spec") or {}
    fill_in_patterns(template["spec"])  # all else a Job fills in when it is made
    fill_in_template(template["spec"])
    if is_new(cronjob):
        cronjob["status"] = {}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    name = new["metadata"].get("name") or ""
    if old is None and len(name) > LONGEST_NAME:
        yield FieldError.invalid("metadata.name", name, f"must be no more than {LONGEST_NAME} characters")
    spec = new["spec"]
    yield from _schedule(spec, old["spec"] if old else {})
    yield from number_problem(spec.get("startingDeadlineSeconds"), "spec.startingDeadlineSeconds")
    if spec["concurrencyPolicy"] not in POLICIES:
        yield FieldError.unsupported("spec.concurrencyPolicy", spec["concurrencyPolicy"], POLICIES)
    yield from _job_template(spec["jobTemplate"], "spec.jobTemplate")
    for limit in HISTORY:
        yield from number_problem(spec[limit], f"spec.{limit}")


def word(cronjob: Body) -> str:
    """Whether it is at work: `Suspended`, `Active`, or nothing to say."""
    if cronjob["spec"].get("suspend"):
        return "Suspended"
    return "Active" if dig(cronjob, "status.active") else ""


def last_schedule(cronjob: Body, now: Time) -> str:
    stamp = dig(cronjob, "status.lastScheduleTime")
    return since(stamp, now) if stamp else "<none>"


def _schedule(spec: Body, old: Body) -> Iterator[FieldError]:
    schedule, zone = spec.get("schedule") or "", spec.get("timeZone")
    if not schedule:
        yield FieldError.required("spec.schedule")
    else:
        try:
            parsed(schedule)
        except BadSchedule as wrong:
            yield FieldError.invalid("spec.schedule", schedule, str(wrong))
        if has_zone(schedule) and zone is not None:
            told = "cannot use both timeZone field and TZ or CRON_TZ in schedule"
            yield FieldError.invalid("spec.schedule", schedule, told)
        elif has_zone(schedule) and schedule != old.get("schedule"):
            told = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
            yield FieldError.invalid("spec.schedule", schedule, told)
    if zone is not None and zone != old.get("timeZone"):
        yield from _zone(zone)


def _zone(zone: str) -> Iterator[FieldError]:
    path = "spec.timeZone"
    if not zone:
        yield FieldError.invalid(path, zone, "timeZone must be nil or non-empty string")
    elif zone.lower() == "local":
        told = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        yield FieldError.invalid(path, zone, told)
    elif not is_known_zone(zone):
        yield FieldError.invalid(path, zone, f"unknown time zone {zone}")


def _job_template(template: Body, path: str) -> Iterator[FieldError]:
    metadata, spec = template["metadata"], template["spec"]
    yield from label_problems(metadata.get("labels") or {}, f"{path}.metadata.labels")
    yield from annotation_problems(metadata.get("annotations") or {}, f"{path}.metadata.annotations")
    yield from job_spec_problems(with_numbers(spec), f"{path}.spec")
    if spec.get("selector") is not None:
        yield FieldError.invalid(f"{path}.spec.selector", spec["selector"], "`selector` will be auto-generated")
    if spec.get("manualSelector"):
        yield FieldError.unsupported(f"{path}.spec.manualSelector", True, ("false", "nil"))


def _each(cronjob: Body, field: str) -> str:
    containers = dig(cronjob, "spec.jobTemplate.spec.template.spec.containers") or ()
    return ",".join(str(container.get(field) or "") for container in containers)


CRONJOB = Kind(
    "batch/v1",
    "CronJob",
    "cronjobs",
    short=("cj",),
    categories=("all",),
    subresources=("status",),
    columns=framed(
        Column("Schedule", "spec.schedule"),
        Column("Timezone", lambda cronjob, _: dig(cronjob, "spec.timeZone") or "<none>"),
        Column("Suspend", lambda cronjob, _: str(bool(cronjob["spec"].get("suspend")))),
        Column("Active", lambda cronjob, _: len(dig(cronjob, "status.active") or ()), type="integer"),
        Column("Last Schedule", last_schedule),
        Column("Containers", lambda cronjob, _: _each(cronjob, "name"), wide=True),
        Column("Images", lambda cronjob, _: _each(cronjob, "image"), wide=True),
        Column("Selector", lambda cronjob, _: shown(dig(cronjob, "spec.jobTemplate.spec.selector")), wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    generation=True,
)
