"""As many pods at a time as `parallelism` allows and completions are missing (Kubernetes: parallel Jobs)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain, Write
from workloads.controllers.job.facts import FINALIZER, Facts, replaces_terminating
from workloads.controllers.job.failurepolicy import COUNT, IGNORED, failures, ignored_failures, judged
from workloads.controllers.job.waiting import index_ready_at, ready_at
from workloads.kinds.jobspec.indexes import LABEL, index_of
from workloads.replicas.making import create, delete, pod_from
from workloads.replicas.ranking import ranked
from workloads.replicas.retrying import again

BURST = 500
ENVIRONMENT = "JOB_COMPLETION_INDEX"
Writes = Generator[Write, Body | Status | None, None]


class Planned(NamedTuple):
    """An index and the failed pod, if any, that it follows."""

    completion: int
    after: Body | None


def manage(facts: Facts, view: View) -> Writes:
    """Either deletes or creates, as the controller does in one go."""
    wanted = _wanted(facts)
    surplus = _surplus(facts, max(len(facts.active) - wanted, 0))[:BURST]
    if surplus:
        why = "The Job is suspended." if facts.job["spec"].get("suspend") else f"{wanted} at a time are enough."
        yield from _failing(facts.job, delete(facts.job, surplus, why), view)
        return
    terminating = 0 if replaces_terminating(facts.job) else len(facts.terminating)
    missing = min(wanted - terminating - len(facts.active), BURST)
    if missing > 0:
        yield from _create(facts, missing, view)


def _wanted(facts: Facts) -> int:
    spec = facts.job["spec"]
    if spec.get("suspend"):
        return 0
    parallel, completions = int(spec["parallelism"]), spec.get("completions")
    if completions is None:  # a work queue: once a worker has succeeded, nobody new is sent in
        return len(facts.active) if facts.succeeded else parallel
    return max(min(int(completions) - facts.succeeded - len(facts.lost), parallel), 0)


def _surplus(facts: Facts, count: int) -> Sequence[Body]:
    """Those without a place of their own in any case, then those that have done least."""
    first, others = _misplaced(facts) if facts.indexed else ([], list(facts.active))
    if len(first) >= count:
        return first
    return [*first, *ranked(others, Counter(), facts.now)[: count - len(first)]]


def _misplaced(facts: Facts) -> tuple[list[Body], list[Body]]:
    """Pods of an index that does not exist or is taken already, and the others."""
    first: list[Body] = []
    others: dict[int, Body] = {}
    for pod in sorted(facts.active, key=lambda one: one["metadata"]["creationTimestamp"]):
        index = index_of(pod)
        if index is None or index >= (facts.job["spec"].get("completions") or 0) or index in others:
            first.append(pod)
        else:
            others[index] = pod
    return first, list(others.values())


def _create(facts: Facts, missing: int, view: View) -> Writes:
    wait = 0 if facts.per_index else ready_at(facts)
    if wait > view.now:
        yield LookAgain(wait)
        return
    if not facts.indexed:
        bodies = [_pod(facts.job, None)] * missing
    else:
        planned, soonest = _planned(facts, missing)
        if soonest is not None:
            yield LookAgain(soonest)
        bodies = [_pod(facts.job, one) for one in planned]
    if bodies:
        why = f"{missing} more {'pod is' if missing == 1 else 'pods are'} to run now."
        yield from _failing(facts.job, create(facts.job, bodies, why), view)


def _failing(job: Body, writes: Generator[Write, Body | Status | None, tuple[str, str] | None], view: View) -> Writes:
    failure = yield from writes
    if failure is not None:
        yield again(job, f"Error {'creating' if failure[0] == 'FailedCreate' else 'deleting'}: {failure[1]}", view)


def _planned(facts: Facts, missing: int) -> tuple[list[Planned], Time | None]:
    """The first indexes that nobody works on; and when the next of those that wait may be tried again."""
    taken = {index_of(pod) for pod in facts.active}
    if not replaces_terminating(facts.job):
        taken |= {index_of(pod) for pod in facts.terminating}
    held, soonest, found = facts.held_back, None, list[Planned]()
    for index in range(facts.job["spec"]["completions"]):
        if len(found) == missing:
            break
        if index in taken or index in facts.done or index in facts.lost:
            continue
        after = held.get(index)
        due = index_ready_at(after, facts.now) if after else 0
        if due > facts.now:
            soonest = min(soonest or due, due)
        else:
            found.append(Planned(index, after))
    return found, soonest


def _pod(job: Body, planned: Planned | None) -> Body:
    template = job["spec"]["template"]
    if planned is None:
        return _tracked(pod_from(job, template))
    index, name = str(planned.completion), f"{job['metadata']['name']}-{planned.completion}"
    spec = {**template["spec"], "hostname": name}
    for group in ("initContainers", "containers"):
        if spec.get(group):
            spec[group] = [_told_its_index(container) for container in spec[group]]
    prefix = {"generateName": f"{name}-"}
    body = pod_from(job, {**template, "spec": spec}, {LABEL: index}, **prefix)
    annotations = {**(body["metadata"].get("annotations") or {}), LABEL: index, **_tally(job, planned.after)}
    return _tracked(put(body, "metadata.annotations", annotations))


def _tally(job: Body, after: Body | None) -> Body:
    """How often the index has failed: what the next one will have to know."""
    if job["spec"].get("backoffLimitPerIndex") is None:
        return {}
    if after is None:
        return {COUNT: "0"}
    counts = judged(job, after).counts
    found = {COUNT: str(failures(after) + counts)}
    ignored = ignored_failures(after) + (not counts)
    return {**found, IGNORED: str(ignored)} if ignored else found


def _tracked(pod: Body) -> Body:
    stated = pod["metadata"].get("finalizers") or ()
    return put(pod, "metadata.finalizers", [*(one for one in stated if one != FINALIZER), FINALIZER])


def _told_its_index(container: Body) -> Body:
    stated = container.get("env") or ()
    if any(one.get("name") == ENVIRONMENT for one in stated):
        return container
    reference = {"apiVersion": "v1", "fieldPath": f"metadata.labels['{LABEL}']"}
    return {**container, "env": [*stated, {"name": ENVIRONMENT, "valueFrom": {"fieldRef": reference}}]}
