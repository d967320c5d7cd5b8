"""Why does it not start? A node that is silent, an init container, a volume, a slow pull (ContainerCreating)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, uid_of
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import statuses_of
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, link, maker
from playground.timeline.line import Name

READS = ("PodInitializing", "ContainerCreating", "")


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    node = dig(body, "spec.nodeName", "")
    if not node or is_deleting(body) or dig(body, "status.phase", "Pending") != "Pending":
        return None
    if any(dig(one, "state.waiting.reason", "") not in READS for one in statuses_of(body)):
        return None  # another question knows better
    bound = next((one for one in evidence.story(uid_of(body)) if dig(one.body, "spec.nodeName")), None)
    links = [_step(body, evidence, node)]
    blamed = culprit(evidence, "starting", evidence.now, node, body)
    if blamed:
        links.append(fault_link(evidence, blamed))
    else:
        links += [link(evidence, bound, "Scheduler")] if bound else []
        links.append(maker(evidence, "pods", body))
    return answer(f"Why does {body['metadata']['name']} not run yet?", links)


def _step(body: Body, evidence: Evidence, node: str) -> Link:
    name = Name("nodes", "", node)
    machine = evidence.get("nodes", "", node)
    if machine is None:
        words: Words = ("It names the node ", Code(node), ", and there is no such node: nobody starts it.")
        return Link(words, lookup="Node", tone="crash", field="spec.nodeName")
    ready = next((one["status"] for one in dig(machine, "status.conditions", ()) if one["type"] == "Ready"), "")
    if ready != "True":
        return Link((name, " is not ready: its kubelet starts nothing."), lookup="Node heartbeat", tone="notready")
    said = _warned(body, evidence)
    if said:
        at = parse(said.get("lastTimestamp") or said["metadata"]["creationTimestamp"])
        lookup = "Volume" if "olume" in said["message"] else "Pod"
        return Link(
            ("The kubelet of ", name, f" says: {said['message']}"),
            at=at,
            lookup=lookup,
            tone="crash",
            field="spec.volumes",
        )
    for status in dig(body, "status.initContainerStatuses", ()):
        if dig(status, "state.running") or not (status.get("ready") or dig(status, "state.terminated")):
            wrote = evidence.last_line(body, status["name"], status.get("restartCount", 0))
            line = ("; the last that it wrote is ", Code(wrote[:90])) if wrote else (".",)
            words = (f"The init container {status['name']} has to end first", *line)
            return Link(words, lookup="Init container", tone="creating", field=f"spec.initContainers[{status['name']}]")
    return Link(
        ("The kubelet of ", name, " pulls its images and makes its containers."), lookup="Image", tone="creating"
    )


def _warned(body: Body, evidence: Evidence) -> Body | None:
    """The last complaint of the kubelet about it."""
    found = [
        event
        for event in evidence.events(uid_of(body))
        if event.get("type") == "Warning" and event.get("reason") != "FailedScheduling"
    ]
    return max(found, key=lambda one: one.get("lastTimestamp") or "", default=None)


STARTING = Question("starting", ("pods",), ask)
