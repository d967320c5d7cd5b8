"""Pods that run to an end, until so many have ended well (Kubernetes: Jobs)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed, human
from clusters.kinds.body import Body, dig, is_deleting
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.metadata import selector_problems
from clusters.kinds.names import label, subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.selectors import matches
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time, parse
from workloads.kinds.jobspec.defaults import fill_in_job_spec, generate_selector
from workloads.kinds.jobspec.problems import change_problems, job_spec_problems
from workloads.kinds.template import WIDE

# the first that is true is the word
WORDS = (("Complete", "Complete"), ("Failed", "Failed"))
OPEN_WORDS = (
    ("Suspended", "Suspended"),
    ("FailureTarget", "FailureTarget"),
    ("SuccessCriteriaMet", "SuccessCriteriaMet"),
)


def fill_in(job: Body) -> None:
    spec = job.setdefault("spec", {})
    fill_in_job_spec(spec)
    if is_new(job):
        generate_selector(spec, job["metadata"].get("name") or "", job["metadata"].get("uid") or "")
        job["status"] = {}
    labels = spec["template"]["metadata"].get("labels")
    if labels and not job["metadata"].get("labels"):
        job["metadata"]["labels"] = dict(labels)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from _selector(spec)
    yield from job_spec_problems(spec, "spec")
    if old is not None:
        suspended = bool(old["spec"].get("suspend")) and not dig(old, "status.startTime")
        yield from change_problems(spec, old["spec"], directives=suspended)
    elif spec.get("completionMode") == "Indexed" and (spec.get("completions") or 0) > 0:
        yield from _hostname(new["metadata"].get("name") or "", spec["completions"])


def word(job: Body) -> str:
    """`Running`, `Complete`, `Failed`, `Suspended`, ... as in the STATUS column."""
    true = [c["type"] for c in dig(job, "status.conditions") or () if c["status"] == "True"]
    found = next((word for type_, word in WORDS if type_ in true), "")
    if found or is_deleting(job):
        return found or "Terminating"
    return next((word for type_, word in OPEN_WORDS if type_ in true), "Running")


def completions(job: Body, _: Time) -> str:
    """`2/3`; a work queue says `1/1 of 2`: one end is enough for all its workers."""
    succeeded, wanted = dig(job, "status.succeeded", 0), job["spec"].get("completions")
    if wanted is not None:
        return f"{succeeded}/{wanted}"
    parallel = job["spec"].get("parallelism", 0)
    return f"{succeeded}/1 of {parallel}" if parallel > 1 else f"{succeeded}/1"


def duration(job: Body, now: Time) -> str:
    """From its start to its end, or to now."""
    begin, end = dig(job, "status.startTime"), dig(job, "status.completionTime")
    return human((parse(end) if end else now) - parse(begin)) if begin else ""


def _selector(spec: Body) -> Iterator[FieldError]:
    selector = spec.get("selector")
    if selector is None:
        yield FieldError.required("spec.selector")
        return
    yield from selector_problems(selector, "spec.selector")
    labels = spec["template"]["metadata"].get("labels") or {}
    if not matches(selector, labels):
        detail = "`selector` does not match template `labels`"
        yield FieldError.invalid("spec.template.metadata.labels", labels, detail)


def _hostname(name: str, count: int) -> Iterator[FieldError]:
    """The last pod's hostname is the longest."""
    hostname = f"{name}-{count - 1}"
    for wrong in label(hostname):
        told = f"will not able to create pod with invalid DNS label: {hostname}: {wrong}"
        yield FieldError.invalid("metadata.name", name, told)


JOB = Kind(
    "batch/v1",
    "Job",
    "jobs",
    categories=("all",),
    subresources=("status",),
    columns=framed(
        Column("Status", lambda job, _: word(job)),
        Column("Completions", completions),
        Column("Duration", duration),
        *WIDE,
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    selectable=("status.successful",),
    generation=True,
    default_propagation="Orphan",  # of batch/v1, for old times' sake; kubectl asks for Background,
)
