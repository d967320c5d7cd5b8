"""The Job controller: pods run until so many have succeeded, or too many failed (Kubernetes: Jobs)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of, owner_reference, put, uid_of
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, find, is_true
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, SetStatus, Update, Write
from workloads.controllers.job.facts import FINALIZER, Facts, has_finalizer, look
from workloads.controllers.job.managing import manage
from workloads.controllers.job.tracking import countable, counted, noted, release, release_lost, with_indexes
from workloads.controllers.job.verdict import LAST, REACHED, SUCCEEDING, Verdict, deadline, is_reached, verdict
from workloads.replicas.claim import its_pods
from workloads.replicas.making import delete
from workloads.replicas.members import Members
from workloads.replicas.readiness import is_ready

CONTROLLED_BY_US = "kubernetes.io/job-controller"
_pods_of = its_pods("Job", "jobs")
Writes = Generator[Write, Body | Status | None, None]


def interested(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The pod's Job, also the one that it had, when something changed by which a Job judges pods."""
    jobs = dict.fromkeys(_pods_of(new, old, view))
    if jobs and new is not None and old is not None and _seen(new) == _seen(old):
        return ()
    return jobs


def _seen(pod: Body) -> tuple[object, ...]:
    metadata, status = pod["metadata"], pod.get("status") or {}
    containers = (*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ()))
    restarts = sum(one.get("restartCount") or 0 for one in containers)
    names = ("labels", "annotations", "ownerReferences", "finalizers", "deletionTimestamp")
    return status.get("phase"), is_ready(pod), restarts, *(metadata.get(name) for name in names)


CONTROLLER = Controller("job-controller", primary="jobs", watches={"pods": interested})


def reconcile(key: Key, view: View) -> Writes:
    """Count what is over, decide, make or delete pods, report."""
    job = view.get("jobs", key)
    if job is None or is_deleting(job):
        yield from release_lost(key, view)
    if job is None or job["spec"].get("managedBy") not in (None, CONTROLLED_BY_US):
        return
    yield from _claim(job, view)
    if is_finished(job):
        yield from release([pod for pod in view.owned(job, "pods") if has_finalizer(pod)])
        return
    status = _begun(job, view)
    facts = look({**job, "status": status}, view)
    ending = verdict(facts)
    decided: Facts | None = None
    if ending is not None:
        decided = facts
        yield from _end_active(facts, ending)
    elif not is_deleting(job):
        yield from manage(facts, view)
        due = deadline(facts.job)
        if due is not None:
            yield LookAgain(due)
    facts = look({**job, "status": status}, view)
    if decided is not None:  # indexes whose pods were ended just now have not failed
        facts = replace(facts, done=decided.done, lost=decided.lost)
    yield from _report(job, facts, ending, view)


def is_finished(job: Body) -> bool:
    return is_true(job, "Complete") or is_true(job, "Failed")


def _claim(job: Body, view: View) -> Writes:
    """Let go of pods whose labels changed; take those that match and have no controller."""
    selector = job["spec"].get("selector")
    for pod in view.owned(job, "pods"):
        if not matches(selector, labels_of(pod)):
            others = [one for one in pod["metadata"]["ownerReferences"] if one["uid"] != uid_of(job)]
            free = put(_untracked(pod), "metadata.ownerReferences", others)
            yield Update("pods", free, because=pod, why="Its labels no longer match the Job's selector.")
    if is_deleting(job) or is_finished(job):
        return
    for group in view.derived(Members).orphans(key_of(job).namespace):
        for key in sorted(group.pods) if matches(selector, group.labels) else ():
            pod = group.pods[key]
            owners = [*(pod["metadata"].get("ownerReferences") or ()), owner_reference(job)]
            taken = put(_untracked(pod), "metadata.ownerReferences", owners)
            taken = put(taken, "metadata.finalizers", [*taken["metadata"]["finalizers"], FINALIZER])
            why = "Its labels match the Job's selector and it had no controller."
            yield Update("pods", taken, because=job, why=why)


def _untracked(pod: Body) -> Body:
    left = [one for one in pod["metadata"].get("finalizers") or () if one != FINALIZER]
    return put(pod, "metadata.finalizers", left)


def _begun(job: Body, view: View) -> Body:
    """Its status with the time from which its deadline runs."""
    status = dict(job.get("status") or {})
    if not status.get("startTime") and not job["spec"].get("suspend"):
        status["startTime"] = rfc3339(view.now)
    return status


def _end_active(facts: Facts, ending: Verdict) -> Writes:
    why = f"The Job is decided: {ending.message}."
    if facts.active:
        yield from delete(facts.job, facts.active, why)


def _report(job: Body, facts: Facts, ending: Verdict | None, view: View) -> Writes:
    """Note pods that are over, release them, count them; then say what the Job has come to."""
    status: Body = facts.job["status"]
    if ending is None and is_reached(facts, len(facts.active)):
        ending = REACHED
    events: list[Emit] = []
    if ending is None and not is_deleting(job):
        status = _suspension(job, status, view, events)
    pods = countable(facts, decided=ending is not None)
    status = noted(facts, pods, _tallied(facts, status), decided=ending is not None)
    if ending is not None:
        status = _with(status, ending.type, ending, view)
    if pods:
        job = yield from _written(job, status)
        yield from release(pods, job)
        facts = look(job, view)
    held = [uid_of(pod) for pod in facts.live if has_finalizer(pod)]
    status = counted(_tallied(facts, status), held)
    if ending is not None and not status["uncountedTerminatedPods"] and not facts.terminating:
        status = _with(status, LAST[ending.type], ending, view)
        if ending.type == SUCCEEDING:
            status["completionTime"] = rfc3339(view.now)
        events += _last_words(job, status, ending)
    yield from _written(job, status)
    yield from events


def _written(job: Body, status: Body) -> Generator[Write, Body | Status | None, Body]:
    if status == (job.get("status") or {}):
        return job
    answer = yield SetStatus("jobs", job, status)
    return answer if isinstance(answer, dict) else job


def _tallied(facts: Facts, status: Body) -> Body:
    counts = {"active": len(facts.active)}
    shown = {name: count for name, count in counts.items() if count}
    rest = {name: value for name, value in status.items() if name not in counts}
    always = {"ready": sum(is_ready(pod) for pod in facts.active), "terminating": len(facts.terminating)}
    return with_indexes(facts, {**rest, **shown, **always})


def _suspension(job: Body, status: Body, view: View, events: list[Emit]) -> Body:
    known = find(status.get("conditions") or (), "Suspended")
    if job["spec"].get("suspend"):
        if known is None or known["status"] != "True":
            events.append(Emit(job, "Normal", "Suspended", "Job suspended"))
            return _with(status, "Suspended", Verdict("Suspended", "JobSuspended", "Job suspended"), view)
    elif known is not None and known["status"] == "True":
        events.append(Emit(job, "Normal", "Resumed", "Job resumed"))
        resumed = Verdict("Suspended", "JobResumed", "Job resumed")
        # its time begins anew, for it could not use what passed
        return {**_with(status, "Suspended", resumed, view, "False"), "startTime": rfc3339(view.now)}
    return status


def _with(status: Body, type_: str, said: Verdict, view: View, value: str = "True") -> Body:
    conditions: Sequence[Body] = conditions_of({"status": status})
    known = find(conditions, type_)
    if known is not None and (known["status"], known.get("reason")) == (value, said.reason):
        return dict(status)
    stamp = rfc3339(view.now)
    new = {"type": type_, "status": value, "lastProbeTime": stamp, "lastTransitionTime": stamp}
    new |= {"reason": said.reason, "message": said.message}
    others = [new if one is known else one for one in conditions]
    return {**status, "conditions": others if known is not None else [*others, new]}


def _last_words(job: Body, status: Body, ending: Verdict) -> Iterable[Emit]:
    if ending.type != SUCCEEDING:
        yield Emit(job, "Warning", ending.reason, ending.message)
        return
    wanted = job["spec"].get("completions")
    if wanted is not None and (status.get("succeeded") or 0) > wanted:
        told = "Too many succeeded pods running after completion count reached"
        yield Emit(job, "Warning", "TooManySucceededPods", told)
    yield Emit(job, "Normal", "Completed", "Job completed")
