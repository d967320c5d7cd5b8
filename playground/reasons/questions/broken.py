"""What is broken here on purpose? Faults that hit this node or pod and that no other answer has named."""

from __future__ import annotations

from clusters.faults import FAULTS
from clusters.faults.faulttype import FaultType
from clusters.kinds.body import Body, dig, labels_of
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.culprits import aims, faults
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link

PARTS = {"DNSDown": "kube-dns"}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    node = body["metadata"]["name"] if resource == "nodes" else dig(body, "spec.nodeName", "")
    pod = body if resource == "pods" else None
    for broken in faults(evidence):
        known = FAULTS.get(dig(broken.body, "spec.type", ""))
        if known and known.target == "cluster":
            mine = pod is not None and is_part(known, body)
        else:
            mine = aims(evidence, broken.body, node, pod)
        if broken.until is None and mine:
            began = broken.began
            links = [Link((known.look_for,), began.revision, began.at, "Fault", "crash")] if known else []
            return answer(f"What is broken at {body['metadata']['name']}?", [*links, fault_link(evidence, began)])
    return None


def is_part(known: FaultType, pod: Body) -> bool:
    """Whether this pod is the part of the cluster that the fault is about."""
    if known.part:
        return bool(pod["metadata"]["name"].startswith(known.part))
    return PARTS.get(known.type) == labels_of(pod).get("k8s-app")


BROKEN = Question("broken", ("nodes", "pods"), ask)
