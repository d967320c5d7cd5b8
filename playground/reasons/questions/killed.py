"""Why was it killed? Deleted, evicted, preempted, out of memory, lost with its node (Kubernetes: Disruptions)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment, asked_to_go
from playground.reasons.questions.author import author
from playground.reasons.questions.containers import end_seen, statuses_of, turned
from playground.reasons.questions.crashing import CODES
from playground.reasons.questions.probes import killed_by
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, is_person, link, maker, story
from playground.timeline.line import Name

OWN_LIMITS = (
    ("Usage of EmptyDir volume", "spec.volumes[].emptyDir.sizeLimit"),
    ("Pod ephemeral local storage usage", "spec.containers[].resources.limits.ephemeral-storage"),
    ("Container ", "spec.containers[].resources.limits.ephemeral-storage"),
)
LOOKUPS = {
    "taint-eviction-controller": "Taint",
    "garbage-collector-controller": "Garbage collection",
    "default-scheduler": "Preemption",
    "pod-garbage-collector-controller": "Garbage collection",
    "namespace-controller": "Namespace",
    "job-controller": "Job",
    "replicaset-controller": "ReplicaSet",
    "statefulset-controller": "StatefulSet",
    "daemonset-controller": "DaemonSet",
    "ttl-after-finished-controller": "Job",
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    name = body["metadata"]["name"]
    gone = evidence.get("pods", body["metadata"].get("namespace") or "", name) is None
    if gone or is_deleting(body):
        asked = asked_to_go(evidence, body)
        links = _deleted(body, asked, evidence) if asked else []
        # had it ended before, nothing was killed
        is_over = asked is not None and dig(asked.body, "status.phase") in ("Succeeded", "Failed")
        question = f"Why was {name} {'removed' if is_over else 'killed'}?"
        return answer(question, links, urgent=not is_over) if links else None
    if dig(body, "status.phase") == "Failed" and dig(body, "status.reason"):
        return answer(f"Why has {name} failed?", _failed(body, evidence))
    return _restarted(body, evidence)


def _deleted(body: Body, asked: Moment, evidence: Evidence) -> list[Link]:
    links = story(evidence, asked, LOOKUPS.get(asked.actor, "Grace period" if is_person(asked) else "Controller"))
    if asked.actor == "garbage-collector-controller" and len(links) == 1:
        links += [link(evidence, cause, "Owner")] if (cause := _owners_end(body, evidence)) else []
    return links


def _owners_end(body: Body, evidence: Evidence) -> Moment | None:
    """The deletion of whom it belonged to."""
    for owner in dig(body, "metadata.ownerReferences", ()):
        found = next(
            (one for one in evidence.story(owner["uid"]) if one.op == "DELETED" or is_deleting(one.body)), None
        )
        if found:
            return found
    return None


def _failed(body: Body, evidence: Evidence) -> list[Link]:
    since = turned(evidence, body, lambda pod: dig(pod, "status.phase") == "Failed")
    reason, node = dig(body, "status.reason", ""), dig(body, "spec.nodeName", "")
    words: Words = (f"{reason}: {dig(body, 'status.message', '')}".strip(" :"),)
    place = (since.revision, since.at) if since else (0, 0)
    first = Link(words, *place, "Eviction" if reason == "Evicted" else "Pod", "crash", since.actor if since else "")
    if own := _own_limit(body):
        return [first, own, author(body, evidence)]
    symptom, at = "evicted" if reason == "Evicted" else "ended", since.at if since else evidence.now
    blamed = culprit(evidence, symptom, at, node, body, seen=since)
    if reason != "Evicted":
        return [first, fault_link(evidence, blamed) if blamed else maker(evidence, "pods", body)]
    short = Link(
        ("The kubelet of ", Name("nodes", "", node), " makes room: its machine runs short."),
        lookup="Node pressure",
        tone="notready",
    )
    return [first, short, fault_link(evidence, blamed) if blamed else maker(evidence, "pods", body)]


def _own_limit(body: Body) -> Link | None:
    """A limit of its own that it went beyond: no machine is short of anything."""
    told = dig(body, "status.message", "")
    if dig(body, "status.reason") == "DeadlineExceeded":
        limit = dig(body, "spec.activeDeadlineSeconds", "")
        return Link(
            (f"It may be at work for {limit} s, and not longer.",), lookup="Pod", field="spec.activeDeadlineSeconds"
        )
    for start, field in OWN_LIMITS:
        if told.startswith(start):
            return Link(
                ("It wrote more than it may: no other pod is to suffer for it.",), lookup="Eviction", field=field
            )
    return None


def _restarted(body: Body, evidence: Evidence) -> Answer | None:
    """It runs again; why did its last process end?"""
    status = next((one for one in statuses_of(body) if dig(one, "lastState.terminated") and one.get("ready")), None)
    if status is None:
        return None
    ended = status["lastState"]["terminated"]
    code, when = int(ended.get("exitCode", 0)), parse(ended["finishedAt"])
    times = status.get("restartCount", 0)
    words = (f"{status['name']} was started again ({times} time{'s' * (times != 1)} in all): its process had ended.",)
    oom, seen = ended.get("reason") == "OOMKilled", end_seen(evidence, body, ended)
    probe = None if oom else killed_by(body, status["name"], evidence) or _by_probe(seen)
    told = (
        "it took more memory than its limit, and the kernel ended it"
        if oom
        else "it was asked to end, and did"
        if probe and code == 0
        else CODES.get(code, "the program’s own code")
    )
    links = [
        Link(words, at=when, lookup="Restart policy"),
        Link((f"It ended with exit code {code}: {told}.",), at=when, lookup="OOMKilled" if oom else "Exit code"),
    ]
    links += [probe] if probe and code in (0, 137, 143) else []
    blamed = culprit(evidence, "ended", when, dig(body, "spec.nodeName", ""), body, seen=seen)
    links.append(fault_link(evidence, blamed) if blamed else author(body, evidence))
    return answer(f"Why was {status['name']} started again?", links, urgent=False)


def _by_probe(seen: Moment | None) -> Link | None:
    """The kubelet wrote why it killed the container, should its Event be gone by now."""
    if seen is None or "probe failed" not in seen.why:
        return None
    return Link((f"{seen.why}.",), seen.revision, seen.at, "Liveness probe", "crash", seen.actor)


KILLED = Question("killed", ("pods",), ask)
