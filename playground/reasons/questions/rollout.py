"""Why is this rollout stuck? Wanted, surge, unavailable, ready, deadline (Kubernetes: Deployments, rolling update)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from clusters.kinds.body import Body, controller_of, dig, labels_of, uid_of
from clusters.reconcile.clock import SECOND, parse
from playground.reasons.answer import Answer, Code, Figures, Link, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.glossary import GLOSSARY
from playground.reasons.questions.config import CONFIG
from playground.reasons.questions.containers import is_well, turned
from playground.reasons.questions.crashing import CRASHING
from playground.reasons.questions.notready import NOT_READY
from playground.reasons.questions.pending import PENDING
from playground.reasons.questions.pull import PULL
from playground.reasons.questions.question import Question
from playground.reasons.questions.refusal import refused
from playground.reasons.questions.starting import STARTING
from playground.reasons.questions.terminating import TERMINATING
from playground.reasons.telling import back, fault_link, link, maker, name_of

RESOURCES = ("deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers")
SICK = (PULL, CONFIG, CRASHING, PENDING, NOT_READY, STARTING, TERMINATING)


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    wanted, ready, updated = counts(resource, body)
    if dig(body, "metadata.deletionTimestamp") or (ready >= wanted and updated >= wanted):
        return None
    name = body["metadata"]["name"]
    since = turned(evidence, body, lambda one: _is_short(resource, one))
    links = [_stands(resource, body, wanted, ready, updated, since)]
    if dig(body, "spec.paused"):
        links.append(
            Link(
                ("It is paused: nothing more is rolled out until somebody resumes it.",),
                lookup="Rolling update",
                field="spec.paused",
            )
        )
    changed = _changed(resource, body, evidence)
    links += _sick(resource, body, evidence)
    if len(links) == 1:
        links += refused(body, evidence)
        links += (
            [link(evidence, changed, "Rolling update"), *back(evidence, changed)]
            if changed
            else [maker(evidence, resource, body)]
        )
    return answer(f"Why is {name} not complete?", links, _arithmetic(resource, body, wanted, ready, updated, evidence))


def _is_short(resource: str, body: Body) -> bool:
    wanted, ready, updated = counts(resource, body)
    return ready < wanted or updated < wanted


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


def _stands(resource: str, body: Body, wanted: int, ready: int, updated: int, since: Moment | None) -> Link:
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
    lookup = "Rolling update" if resource == "deployments" else str(body["kind"])
    place = (since.revision, since.at) if since else (0, 0)
    return Link((f"{told}.",), *place, lookup if lookup in GLOSSARY else "Controller", "notready")


def _sick(resource: str, body: Body, evidence: Evidence) -> list[Link]:
    """The first of its pods that is not well, and why; the newest ones first."""
    ill = [pod for pod in pods_of(resource, body, evidence) if not is_well(pod)]
    pods = sorted(ill, key=lambda pod: pod["metadata"].get("creationTimestamp", ""), reverse=True)
    for question in SICK:
        for pod in pods:
            found = question.ask("pods", pod, evidence)
            if found is not None:
                first, *more = found.links
                held = _held(resource, body, pod)
                return [replace(first, words=(name_of("pods", pod), ": ", *first.words)), *held, *more]
    idle = culprit(evidence, "unhealed", evidence.now, anywhere=True)
    if idle is None:
        return []
    return [
        Link(("Nobody makes its pods: its controller does not run.",), lookup="Controller"),
        fault_link(evidence, idle),
    ]


def _held(resource: str, body: Body, pod: Body) -> list[Link]:
    """A StatefulSet does not replace a member of an older template that is not ready: people have to."""
    newest, its = dig(body, "status.updateRevision", ""), labels_of(pod).get("controller-revision-hash", "")
    ordered = dig(body, "spec.podManagementPolicy", "OrderedReady") == "OrderedReady"
    if resource != "statefulsets" or not ordered or not newest or its == newest:
        return []
    name = pod["metadata"]["name"]
    words = (
        "It is of an older template, and no other gets the new one until it is ready. To go on: ",
        Code(f"kubectl delete pod {name}"),
        ".",
    )
    return [Link(words, lookup="Forced rollback", field="spec.podManagementPolicy")]


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
    if resource not in ("replicasets", "replicationcontrollers"):
        rows.append(("of the new template", min(updated, wanted)))
    rows.append(("available", ready))
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
