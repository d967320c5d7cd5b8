"""Jobs and CronJobs: suspend and resume, and a CronJob's Job right now (Kubernetes: kubectl create job --from)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.kinds.body import Body, dig, key_of, owner_reference
from clusters.reconcile.clock import SECOND
from playground.home.action import MERGE, Action, Call, namespace_flag, object_path
from playground.inspector.actions.rollout import name_of, path_of
from playground.inspector.around import Around
from workloads.kinds.job import word

BY_HAND = {"cronjob.kubernetes.io/instantiate": "manual"}


def job_actions(body: Body, _: Around, __: Mapping[str, str]) -> Iterator[Action]:
    if word(body) not in ("Complete", "Failed"):
        yield suspension(body, "Its pods end, and it keeps what is done.")


def cronjob_actions(body: Body, around: Around, _: Mapping[str, str]) -> Iterator[Action]:
    yield run_now(body, around)
    yield suspension(body, "It starts nothing until it is resumed.")


def suspension(body: Body, done: str) -> Action:
    key, suspended = key_of(body), bool(dig(body, "spec.suspend"))
    patch = {"spec": {"suspend": not suspended}}
    told = '{"spec":{"suspend":' + ("false" if suspended else "true") + "}}"
    line = f"kubectl patch {body['kind'].lower()} {key.name}{namespace_flag(key.namespace)} -p '{told}'"
    call = Call("PATCH", path_of(body), patch, MERGE)
    if suspended:
        return Action("resume", "Resume", line, (call,), f"{name_of(body)} goes on.")
    return Action("suspend", "Suspend", line, (call,), done)


def run_now(body: Body, around: Around) -> Action:
    """A Job of its template, beside those by the clock. The name says when."""
    key = key_of(body)
    name = f"{key.name}-now-{around.now // SECOND % 1_000_000}"
    template = body["spec"]["jobTemplate"]
    given = template.get("metadata") or {}
    metadata = {
        "name": name,
        "annotations": {**(given.get("annotations") or {}), **BY_HAND},
        "ownerReferences": [owner_reference(body)],
        **({"labels": given["labels"]} if given.get("labels") else {}),
    }
    made = {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"]}
    line = f"kubectl create job {name} --from=cronjob/{key.name}{namespace_flag(key.namespace)}"
    call = Call("POST", object_path("batch/v1", "jobs", key.namespace), made)
    return Action("run", "Run now", line, (call,), f"Job {name} starts.")
