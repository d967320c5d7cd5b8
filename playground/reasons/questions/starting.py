"""Why does it not start? A node that is silent, an init container, a volume, a slow pull (ContainerCreating)."""

from __future__ import annotations

import re
from dataclasses import replace

from clusters.kinds.body import Body, dig, is_deleting, uid_of
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.author import author
from playground.reasons.questions.config import missing
from playground.reasons.questions.containers import field_of, spec_of, statuses_of
from playground.reasons.questions.probes import failures, question
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, link, maker
from playground.timeline.line import Name

READS = ("PodInitializing", "ContainerCreating", "")
OTHERS = ("FailedScheduling", "BackOff", "Unhealthy", "ProbeWarning")  # complaints of which other links tell


VOLUME = re.compile(r'volume "([^"]+)"')


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    node = dig(body, "spec.nodeName", "")
    if not node or is_deleting(body) or dig(body, "status.phase", "Pending") != "Pending":
        return None
    if any(dig(one, "state.waiting.reason", "") not in READS for one in statuses_of(body)):
        return None  # another question knows better
    bound = next((one for one in evidence.story(uid_of(body)) if dig(one.body, "spec.nodeName")), None)
    place = (bound.revision, bound.at) if bound else (0, parse(body["metadata"]["creationTimestamp"]))
    first, *more = _steps(body, evidence, node)
    links = [first if first.at else replace(first, revision=place[0], at=place[1]), *more]
    blamed = culprit(evidence, "starting", evidence.now, node, body)
    if blamed:
        links.append(fault_link(evidence, blamed))
    else:
        links += [link(evidence, bound, "Scheduler")] if bound and len(links) == 1 else []
        links.append(author(body, evidence) if first.field else maker(evidence, "pods", body))
    return answer(f"Why does {body['metadata']['name']} not run yet?", links)


def _steps(body: Body, evidence: Evidence, node: str) -> list[Link]:
    name = Name("nodes", "", node)
    machine = evidence.get("nodes", "", node)
    if machine is None:
        words: Words = ("It names the node ", Code(node), ", and there is no such node: nobody starts it.")
        return [Link(words, lookup="Node", tone="crash", field="spec.nodeName")]
    ready = next((one["status"] for one in dig(machine, "status.conditions", ()) if one["type"] == "Ready"), "")
    if ready != "True":
        return [Link((name, " is not ready: its kubelet starts nothing."), lookup="Node heartbeat", tone="notready")]
    said = _warned(body, evidence)
    if said:
        return _complaint(body, said, name, evidence)
    for status in dig(body, "status.initContainerStatuses", ()):
        if not status.get("started") and spec_of(body, status["name"]).get("restartPolicy") == "Always":
            return [_sidecar(body, status["name"], evidence)]
        if dig(status, "state.running") or not (status.get("ready") or dig(status, "state.terminated")):
            return [_init(body, status, evidence)]
    words = ("The kubelet of ", name, " pulls its images and makes its containers.")
    return [Link(words, lookup="Image", tone="creating")]


def _complaint(body: Body, said: Body, node: Name, evidence: Evidence) -> list[Link]:
    told, space = str(said["message"]), body["metadata"].get("namespace") or ""
    at = parse(said.get("lastTimestamp") or said["metadata"]["creationTimestamp"])
    volume = VOLUME.search(told)
    field = f"spec.volumes[{volume[1]}]" if volume else ""
    first = Link(
        ("The kubelet of ", node, f" says: {told}"),
        at=at,
        lookup="Volume" if "olume" in told else "Pod",
        tone="crash",
        field=field,
    )
    return [first, *missing(told, space, field, evidence)]


def _init(body: Body, status: Body, evidence: Evidence) -> Link:
    wrote = evidence.last_line(body, status["name"], status.get("restartCount", 0))
    line: Words = ("; the last that it wrote is ", Code(wrote[:90])) if wrote else (".",)
    words: Words = (f"The init container {status['name']} has to end first", *line)
    return Link(words, lookup="Init container", tone="creating", field=field_of(body, status["name"]))


def _sidecar(body: Body, name: str, evidence: Evidence) -> Link:
    """The containers after it wait until it has started, which its startup probe decides."""
    words: Words = (f"Its sidecar {name} has not started yet, and what comes after it waits.",)
    probe = spec_of(body, name).get("startupProbe")
    if not probe:
        return Link(words, lookup="Sidecar container", tone="creating", field=field_of(body, name))
    said = failures(body, name, "startup", evidence)
    fails = f" fails: {said[-1]['message'].split(': ', 1)[-1][:120]}" if said else " has not succeeded."
    words = (f"The containers wait for the sidecar {name}, whose startup probe ", Code(question(probe)), fails)
    at = parse(said[-1].get("lastTimestamp") or said[-1]["metadata"]["creationTimestamp"]) if said else 0
    field = f"{field_of(body, name)}.startupProbe"
    return Link(words, at=at, lookup="Sidecar container", tone="notready", field=field)


def _warned(body: Body, evidence: Evidence) -> Body | None:
    """The last complaint of the kubelet about it."""
    found = [
        event
        for event in evidence.events(uid_of(body))
        if event.get("type") == "Warning" and event.get("reason") not in OTHERS
    ]
    return max(found, key=lambda one: one.get("lastTimestamp") or "", default=None)


STARTING = Question("starting", ("pods",), ask)
