"""Why is it not ready? Its readiness probe, its machine, or a gate (Kubernetes: readiness, conditions)."""

from __future__ import annotations

from dataclasses import replace

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.author import author
from playground.reasons.questions.containers import box_of, field_of, spec_of, statuses_of, turned
from playground.reasons.questions.crashing import CRASHING
from playground.reasons.questions.probes import failures, history, question
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, story
from playground.timeline.line import Name


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    if is_deleting(body) or dig(body, "status.phase") != "Running" or _ready(body):
        return None
    if CRASHING.ask(resource, body, evidence) is not None:
        return None
    since = turned(evidence, body, lambda pod: not _ready(pod))
    at = since.at if since else evidence.now
    first = Link(("It runs, but is not ready: no Service sends anything to it.",), since.revision if since else 0,
                 since.at if since else 0, "Readiness probe", "notready")  # fmt: skip
    node = dig(body, "spec.nodeName", "")
    if since and since.actor == "node-lifecycle-controller":
        words: Words = ("Its status still says Running, but it counts as not ready: no Service sends anything to it.",)
        first = replace(first, words=words)
        return answer(f"Why is {body['metadata']['name']} not ready?", [first, *_node(body, since, evidence)])
    status = next((one for one in statuses_of(body) if not one.get("ready") and not dig(one, "state.terminated")), {})
    name = status.get("name", "")
    links = [first, *_probe(body, name, evidence)]
    blamed = culprit(evidence, "unready", at, node, body, seen=since) or culprit(
        evidence, "unready", evidence.now, node, body
    )
    links.append(fault_link(evidence, blamed) if blamed else author(body, evidence))
    return answer(
        f"Why is {body['metadata']['name']} not ready?", links, history(body, name, evidence) if name else None
    )


def _ready(pod: Body) -> bool:
    return any(one["type"] == "Ready" and one["status"] == "True" for one in dig(pod, "status.conditions", ()))


def _node(body: Body, since: object, evidence: Evidence) -> list[Link]:
    moment = evidence.moment(since.cause)  # type: ignore[attr-defined]
    node = Name("nodes", "", dig(body, "spec.nodeName", ""))
    words: Words = ("Nothing is heard of ", node, ": nobody knows whether it still runs, so it counts as not ready.")
    told = Link(words, lookup="Node heartbeat", tone="notready")
    return [told, *(story(evidence, moment, "Node heartbeat") if moment else [])]


def _probe(body: Body, container: str, evidence: Evidence) -> list[Link]:
    spec, box = spec_of(body, container), box_of(body, container, evidence)
    for kind in ("startup", "readiness"):
        probe = spec.get(f"{kind}Probe")
        run = (box.get("probes") or {}).get(kind) or {}
        if not probe or (kind == "startup" and box.get("started")):
            continue
        said = failures(body, container, kind, evidence)
        if said:
            at = parse(said[-1].get("lastTimestamp") or said[-1]["metadata"]["creationTimestamp"])
            told = said[-1]["message"].split(": ", 1)[-1][:120]
            words: Words = (f"Its {kind} probe ", Code(question(probe)), f" fails: {told}")
        else:
            at = int(run.get("last") or 0)
            words = (f"Its {kind} probe ", Code(question(probe)), " has not succeeded yet.")
        return [
            Link(
                words,
                at=at,
                lookup=f"{kind.title()} probe",
                tone="notready",
                field=f"{field_of(body, container)}.{kind}Probe",
            )
        ]
    gates = [one["conditionType"] for one in dig(body, "spec.readinessGates", ())]
    if gates:
        return [
            Link(
                ("A readiness gate is closed: ", Code(", ".join(gates))),
                lookup="Readiness probe",
                field="spec.readinessGates",
            )
        ]
    return []


NOT_READY = Question("not-ready", ("pods",), ask)
