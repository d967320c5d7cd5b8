"""What holds this object in Terminating? (Kubernetes: Finalizers, Termination of Pods)"""

from __future__ import annotations

import re

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import SECOND, parse
from playground.reasons.answer import Answer, Code, Figures, Link, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, asked_to_go
from playground.reasons.questions.containers import statuses_of
from playground.reasons.questions.question import EVERYTHING, Question
from playground.reasons.telling import fault_link, forgotten, name_of, story
from playground.timeline.line import Name

# who takes which finalizer away, and when
KEYS = {
    "kubernetes.io/pvc-protection": "goes when no pod uses the claim any more",
    "kubernetes.io/pv-protection": "goes when no claim is bound to the volume any more",
    "foregroundDeletion": "goes when everything that belongs to it is gone",
    "orphan": "goes when what belongs to it has been let go",
    "kubernetes": "goes when nothing is left in the namespace",
    "batch.kubernetes.io/job-tracking": "goes when its Job has counted the pod",
    "service.kubernetes.io/load-balancer-cleanup": "goes when the load balancer is taken away",
    "podium.dev/undo": "goes when what the fault changed has been put back",
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    if not is_deleting(body) or evidence.get(resource, *_place(body)) is None:
        return None
    asked = asked_to_go(evidence, body)
    links = [*_holders(resource, body, evidence)]
    links += story(evidence, asked) if asked else [forgotten(evidence, resource, body)]
    lost = _lost(body, evidence) if resource == "pods" else None
    if lost is not None:
        links = [*links[:3], lost]
    return answer(f"What holds {body['metadata']['name']} in Terminating?", links, _grace(body))


def _place(body: Body) -> tuple[str, str]:
    return body["metadata"].get("namespace") or "", body["metadata"]["name"]


def _holders(resource: str, body: Body, evidence: Evidence) -> list[Link]:
    own = tuple((key, "metadata.finalizers") for key in body["metadata"].get("finalizers") or ())
    held_by = (*own, *((key, "spec.finalizers") for key in dig(body, "spec.finalizers", ())))
    keys = [key for key, _ in held_by]
    held = [
        Link(
            (
                "The finalizer ",
                Code(key),
                f" holds it: it {KEYS.get(key, 'goes when whoever put it there takes it away')}.",
            ),
            lookup="Finalizer",
            tone="terminating",
            field=field,
        )
        for key, field in held_by[:2]
    ]
    held += _users(body, evidence) if "kubernetes.io/pvc-protection" in keys else []
    held += _left(body, evidence) if resource == "namespaces" else []
    if resource == "pods" and dig(body, "spec.nodeName") and not _have_ended(body):
        held.append(_stopping(body, evidence))
    return held


def _have_ended(pod: Body) -> bool:
    """None of its processes is left."""
    return bool(statuses_of(pod)) and all(dig(one, "state.terminated") for one in statuses_of(pod))


def _stopping(body: Body, evidence: Evidence) -> Link:
    node = Name("nodes", "", body["spec"]["nodeName"])
    machine = evidence.get("nodes", "", node.name)
    ready: Body = next((one for one in dig(machine, "status.conditions", ()) if one["type"] == "Ready"), {})
    if ready.get("status") != "True":
        words = ("Only the kubelet of ", node, " can say that its containers have ended, and nothing is heard of it.")
        since = parse(ready["lastTransitionTime"]) if ready.get("lastTransitionTime") else 0
        return Link(words, at=since, lookup="Node heartbeat", tone="notready")
    until = body["metadata"]["deletionTimestamp"]
    words = ("The kubelet of ", node, f" waits for its processes to end; at {until[11:19]} it kills what is left.")
    return Link(
        words, at=parse(until), lookup="Grace period", tone="terminating", field="spec.terminationGracePeriodSeconds"
    )


def _users(claim: Body, evidence: Evidence) -> list[Link]:
    key = _place(claim)
    for pod in evidence.list("pods", key[0]):
        used = [dig(one, "persistentVolumeClaim.claimName") for one in dig(pod, "spec.volumes", ())]
        if key[1] in used:
            return [Link((name_of("pods", pod), " uses it."), lookup="PersistentVolumeClaim", field="spec.volumes")]
    return []


def _left(namespace: Body, evidence: Evidence) -> list[Link]:
    told = [one.get("message", "") for one in dig(namespace, "status.conditions", ()) if one["status"] == "True"]
    found = re.search(r"remaining: ([a-z]+)[. ]", told[0]) if told else None
    rest = evidence.list(found[1], namespace["metadata"]["name"]) if found else ()
    held = next((one for one in rest if is_deleting(one)), None)
    if found is None or held is None:
        return [Link(("; ".join(told[:2]),), lookup="Namespace")] if told else []
    keys = held["metadata"].get("finalizers") or ()
    by = (", which its finalizer ", Code(keys[0]), " holds") if keys else ()
    words = (f"What is left is {held['kind']} ", name_of(found[1], held), *by, ".")
    return [Link(words, lookup="Finalizer" if keys else "Namespace", field="metadata.finalizers" if keys else "")]


def _lost(body: Body, evidence: Evidence) -> Link | None:
    node = dig(body, "spec.nodeName", "")
    machine = evidence.get("nodes", "", node) if node else None
    ready = next((one["status"] for one in dig(machine, "status.conditions", ()) if one["type"] == "Ready"), "True")
    fault = culprit(evidence, "silent", evidence.now, node, body) if ready != "True" else None
    return fault_link(evidence, fault) if fault else None


def _grace(body: Body) -> Figures | None:
    grace = body["metadata"].get("deletionGracePeriodSeconds")
    if not grace:
        return None
    due = parse(body["metadata"]["deletionTimestamp"])
    return figures(
        "Grace period",
        ("Seconds", grace),
        ("Ends at", body["metadata"]["deletionTimestamp"][11:19]),
        due=due,
        lasts=grace * SECOND,
    )


TERMINATING = Question("terminating", EVERYTHING, ask)
