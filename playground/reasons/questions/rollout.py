"""Why is this rollout stuck? Wanted, surge, unavailable, ready, deadline (Kubernetes: Deployments, rolling update)."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from clusters.kinds.body import Body, controller_of, dig, uid_of
from clusters.reconcile.clock import SECOND, parse
from playground.reasons.answer import Answer, Figures, Link, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.config import CONFIG
from playground.reasons.questions.containers import is_well
from playground.reasons.questions.crashing import CRASHING
from playground.reasons.questions.notready import NOT_READY
from playground.reasons.questions.pending import PENDING
from playground.reasons.questions.pull import PULL
from playground.reasons.questions.question import Question
from playground.reasons.questions.starting import STARTING
from playground.reasons.questions.terminating import TERMINATING
from playground.reasons.telling import back, fault_link, link, maker, name_of
from playground.timeline.line import Name

RESOURCES = ("deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers")
SICK = (PULL, CONFIG, CRASHING, PENDING, NOT_READY, STARTING, TERMINATING)


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    wanted, ready, updated = counts(resource, body)
    if dig(body, "metadata.deletionTimestamp") or (ready >= wanted and updated >= wanted):
        return None
    name = body["metadata"]["name"]
    links = [_stands(resource, body, wanted, ready, updated, evidence)]
    if dig(body, "spec.paused"):
        links.append(
            Link(
                ("It is paused: nothing more is rolled out until somebody resumes it.",),
                lookup="Rolling update",
                field="spec.paused",
            )
        )
    changed = _changed(resource, body, evidence)
    links += _sick(resource, body, evidence, changed)
    if len(links) == 1:
        links += _refused(body)
        links += (
            [link(evidence, changed, "Rolling update"), *back(evidence, changed)]
            if changed
            else [maker(evidence, resource, body)]
        )
    return answer(f"Why is {name} not complete?", links, _arithmetic(resource, body, wanted, ready, updated, evidence))


def counts(resource: str, body: Body) -> tuple[int, int, int]:
    """Wanted, available, of the newest template."""
    status = body.get("status") or {}
    if resource == "daemonsets":
        wanted = int(status.get("desiredNumberScheduled") or 0)
        return wanted, int(status.get("numberAvailable") or 0), int(status.get("updatedNumberScheduled", wanted) or 0)
    wanted = int(dig(body, "spec.replicas", 1))
    ready = int(status.get("availableReplicas") or 0)
    if resource in ("replicasets", "replicationcontrollers"):
        return wanted, ready, wanted
    partition = int(dig(body, "spec.updateStrategy.rollingUpdate.partition", 0))
    if dig(body, "spec.updateStrategy.type") == "OnDelete":
        return wanted, ready, wanted
    return wanted, ready, int(status.get("updatedReplicas") or 0) + partition


def _stands(resource: str, body: Body, wanted: int, ready: int, updated: int, evidence: Evidence) -> Link:
    stuck = next(
        (one for one in dig(body, "status.conditions", ()) if one.get("reason") == "ProgressDeadlineExceeded"), None
    )
    told = f"{wanted} pod{'s are' if wanted != 1 else ' is'} wanted, {ready} {'is' if ready == 1 else 'are'} available"
    told += (
        f", {min(updated, wanted)} of the new template"
        if resource not in ("replicasets", "replicationcontrollers")
        else ""
    )
    if stuck:
        at = parse(stuck["lastUpdateTime"] if stuck.get("lastUpdateTime") else stuck["lastTransitionTime"])
        limit = dig(body, "spec.progressDeadlineSeconds", 600)
        words = (f"{told}, and there was no progress for {limit} s: the rollout counts as stuck.",)
        return Link(words, at=at, lookup="Progress deadline", tone="crash", field="spec.progressDeadlineSeconds")
    return Link((f"{told}.",), lookup="Rolling update" if resource == "deployments" else "Controller", tone="notready")


def _sick(resource: str, body: Body, evidence: Evidence, changed: Moment | None) -> list[Link]:
    """The first of its pods that is not well, and why; the newest ones first."""
    ill = [pod for pod in pods_of(resource, body, evidence) if not is_well(pod)]
    pods = sorted(ill, key=lambda pod: pod["metadata"].get("creationTimestamp", ""), reverse=True)
    for question in SICK:
        for pod in pods:
            found = question.ask("pods", pod, evidence)
            if found is not None:
                first = found.links[0]
                return [replace(first, words=(name_of("pods", pod), ": ", *first.words)), *found.links[1:]]
    idle = culprit(evidence, "unhealed", evidence.now, anywhere=True)
    if idle is None:
        return []
    return [
        Link(("Nobody makes its pods: its controller does not run.",), lookup="Controller"),
        fault_link(evidence, idle),
    ]


def pods_of(resource: str, body: Body, evidence: Evidence) -> list[Body]:
    space, uid = body["metadata"].get("namespace"), body["metadata"]["uid"]
    owners = {uid}
    if resource == "deployments":
        owners = {
            one["metadata"]["uid"]
            for one in evidence.list("replicasets", space)
            if (controller_of(one) or {}).get("uid") == uid
        }
    return [pod for pod in evidence.list("pods", space) if (controller_of(pod) or {}).get("uid") in owners]


def _changed(resource: str, body: Body, evidence: Evidence) -> Moment | None:
    """The write that began it: of the template, or of the size."""
    was: object = None
    found: Moment | None = None
    for moment in evidence.story(uid_of(body)):
        now = (dig(moment.body, "spec.template"), dig(moment.body, "spec.replicas"))
        if now != was:
            found = moment
        was = now
    return found


def template_changed(body: Body, evidence: Evidence) -> Moment | None:
    """The last write of another template, while the log has it."""
    was: object = None
    found: Moment | None = None
    for moment in evidence.story(uid_of(body)):
        now = dig(moment.body, "spec.template")
        if was is not None and now != was:
            found = moment
        was = now
    return found


def _refused(body: Body) -> list[Link]:
    """The API server lets it make no pods (a quota, a missing account), or nobody is there who would make them."""
    for one in dig(body, "status.conditions", ()):
        if one["type"] == "ReplicaFailure" and one["status"] == "True":
            told = str(one.get("message", ""))
            words = (f"The API server refuses its pods: {told}.",)
            first = Link(words, at=parse(one["lastTransitionTime"]), lookup="Quota", tone="crash")
            quota = re.search(r"exceeded quota: (\S+?),", told)
            if quota is None:
                return [first]
            name = Name("resourcequotas", body["metadata"].get("namespace") or "", quota[1])
            return [
                first,
                Link(("The quota ", name, " lets the namespace have no more."), lookup="Quota", field="spec.hard"),
            ]
    return []


def _arithmetic(resource: str, body: Body, wanted: int, ready: int, updated: int, evidence: Evidence) -> Figures:
    rows: list[tuple[str, object]] = [("wanted", wanted)]
    due = 0
    limit = int(dig(body, "spec.progressDeadlineSeconds", 0))
    if resource == "deployments" and dig(body, "spec.strategy.type") != "Recreate":
        surge, missing = _limits(body, wanted)
        there = int(dig(body, "status.replicas", 0))
        rows += [
            ("maxSurge", f"{surge}: at most {wanted + surge} pods at once; there are {there}"),
            ("maxUnavailable", f"{missing}: at least {wanted - missing} available; there are {ready}"),
        ]
        due = _deadline(body, limit)
    rows += [("of the new template", min(updated, wanted)), ("available", ready)]
    if limit:
        rows.append(("deadline without progress", f"{limit} s"))
    return figures("The arithmetic", *rows, due=due if due > evidence.now else 0, lasts=limit * SECOND)


def _limits(body: Body, wanted: int) -> tuple[int, int]:
    surge = _share(dig(body, "spec.strategy.rollingUpdate.maxSurge", "25%"), wanted, ceil)
    missing = _share(dig(body, "spec.strategy.rollingUpdate.maxUnavailable", "25%"), wanted, floor)
    return surge, missing or (0 if surge else 1)


def _share(value: object, wanted: int, rounded: object) -> int:
    if isinstance(value, int):
        return value
    return int(rounded(Fraction(int(str(value).rstrip("%")) * wanted, 100)))  # type: ignore[operator]


def _deadline(body: Body, limit: int) -> int:
    found = next(
        (one for one in dig(body, "status.conditions", ()) if one["type"] == "Progressing" and one["status"] == "True"),
        None,
    )
    updated = found.get("lastUpdateTime") if found else None
    return parse(updated) + limit * SECOND if updated and limit else 0


ROLLOUT = Question("rollout", RESOURCES, ask)
