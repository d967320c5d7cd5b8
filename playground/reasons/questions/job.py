"""Why did this Job fail, or why does it not get on? (Kubernetes: Jobs, backoffLimit, activeDeadlineSeconds)"""

from __future__ import annotations

from dataclasses import replace

from clusters.kinds.body import Body, controller_of, dig, is_deleting
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Figures, Link, Words, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import end_seen, ended_at, statuses_of
from playground.reasons.questions.crashing import CODES
from playground.reasons.questions.question import Question
from playground.reasons.questions.rollout import SICK, pods_of
from playground.reasons.telling import fault_link, maker, name_of

FIELDS = {
    "BackoffLimitExceeded": ("backoffLimit", "spec.backoffLimit"),
    "DeadlineExceeded": ("Job", "spec.activeDeadlineSeconds"),
    "PodFailurePolicy": ("Job", "spec.podFailurePolicy"),
    "MaxFailedIndexesExceeded": ("Job", "spec.maxFailedIndexes"),
    "FailedIndexes": ("Job", "spec.backoffLimitPerIndex"),
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    name = body["metadata"]["name"]
    failed = next(
        (
            one
            for one in dig(body, "status.conditions", ())
            if one["type"] in ("Failed", "FailureTarget") and one["status"] == "True"
        ),
        None,
    )
    tries = int(dig(body, "status.failed", 0))
    if is_deleting(body):
        return None
    if not (failed or tries or dig(body, "spec.suspend")):
        return _held(body, evidence)
    if failed:
        lookup, field = FIELDS.get(failed.get("reason", ""), ("Job", "spec"))
        words: Words = (f"{failed.get('reason')}: {failed.get('message', '')}.".replace("..", "."),)
        first = Link(words, at=parse(failed["lastTransitionTime"]), lookup=lookup, tone="crash", field=field)
    elif dig(body, "spec.suspend"):
        first = Link(
            ("It is suspended: no pod of it runs until somebody resumes it.",),
            lookup="Job",
            tone="pending",
            field="spec.suspend",
        )
    else:
        words = (
            f"{tries} of its pods {'has' if tries == 1 else 'have'} failed; "
            f"it bears {dig(body, 'spec.backoffLimit', 6)}, and tries again.",
        )
        first = Link(words, lookup="backoffLimit", tone="notready", field="spec.backoffLimit")
    links = [first, *_last(body, evidence)]
    question = f"Why did {name} fail?" if failed else f"Why is {name} not complete?"
    return answer(question, links, _counted(body))


def _held(body: Body, evidence: Evidence) -> Answer | None:
    """Nothing of it has failed: one of its pods does not get on, or none may be made."""
    if any(one["type"] == "Complete" and one["status"] == "True" for one in dig(body, "status.conditions", ())):
        return None
    question = f"Why is {body['metadata']['name']} not complete?"
    done, wanted = dig(body, "status.succeeded", 0), dig(body, "spec.completions", 1)
    first = Link((f"{done} of {wanted} pod{'s' * (wanted != 1)} have done their work.",), lookup="Job", tone="notready")
    for pod in pods_of("jobs", body, evidence):
        found = next((one for ask in SICK if (one := ask.ask("pods", pod, evidence))), None)
        if found:
            symptom, *more = found.links
            told = replace(symptom, words=(name_of("pods", pod), ": ", *symptom.words))
            return answer(question, [first, told, *more], *found.figures, _counted(body))
    idle = culprit(evidence, "unhealed", evidence.now, anywhere=True) if not dig(body, "status.active", 0) else None
    if idle is None:
        return None
    nobody = Link(("Nobody makes its pods: its controller does not run.",), lookup="Controller")
    return answer(question, [first, nobody, fault_link(evidence, idle)], _counted(body))


def _last(body: Body, evidence: Evidence) -> list[Link]:
    """The last pod of it that failed, with its exit code and last line."""
    uid = body["metadata"]["uid"]
    mine = [
        pod
        for pod in evidence.list("pods", body["metadata"].get("namespace"))
        if (controller_of(pod) or {}).get("uid") == uid
    ]
    for pod in sorted(mine, key=lambda one: one["metadata"].get("creationTimestamp", ""), reverse=True):
        for status in statuses_of(pod):
            ended = ended_at(status) or {}
            code = int(ended.get("exitCode", 0))
            if not code:
                continue
            runs = status.get("restartCount", 0) - ("running" in status.get("state", {}))
            said = evidence.last_line(pod, status["name"], max(0, runs))
            line = ("; its last line was ", Code(said[:90])) if said else ("",)
            words: Words = (
                name_of("pods", pod),
                f" ended with exit code {code}: {CODES.get(code, 'the program’s own code')}",
                *line,
            )
            at = parse(ended["finishedAt"]) if ended.get("finishedAt") else 0
            seen, node = end_seen(evidence, pod, ended), dig(pod, "spec.nodeName", "")
            blamed = culprit(evidence, "ended", at or evidence.now, node, pod, seen=seen)
            return [
                Link(words, at=at, lookup="Exit code", tone="crash"),
                fault_link(evidence, blamed) if blamed else _command(pod, body, evidence),
            ]
    return [maker(evidence, "jobs", body)]


def _command(pod: Body, body: Body, evidence: Evidence) -> Link:
    made = maker(evidence, "jobs", body)
    container = dig(pod, "spec.containers.0", {})
    command = " ".join([*(container.get("command") or ()), *(container.get("args") or ())]) or container.get(
        "image", ""
    )
    words: Words = (*made.words, ", to run ", Code(command[:90]))
    return Link(words, made.revision, made.at, "Job", "", made.actor, "spec.template")


def _counted(body: Body) -> Figures:
    status = body.get("status") or {}
    rows: list[tuple[str, object]] = [
        ("completions wanted", dig(body, "spec.completions", "any")),
        ("succeeded", status.get("succeeded", 0)),
        ("failed", f"{status.get('failed', 0)}, and it bears {dig(body, 'spec.backoffLimit', 6)}"),
        ("at work", status.get("active", 0)),
    ]
    if dig(body, "spec.activeDeadlineSeconds"):
        rows.append(("deadline", f"{body['spec']['activeDeadlineSeconds']} s"))
    return figures("The count", *rows)


JOB = Question("job", ("jobs",), ask)
