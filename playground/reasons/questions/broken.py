"""What is broken here on purpose? Faults that hit this node or pod and that no other answer has named."""

from __future__ import annotations

from clusters.faults import FAULTS
from clusters.kinds.body import Body, dig
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.culprits import aims, faults
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    node = body["metadata"]["name"] if resource == "nodes" else dig(body, "spec.nodeName", "")
    pod = body if resource == "pods" else None
    for broken in faults(evidence):
        known = FAULTS.get(dig(broken.body, "spec.type", ""))
        part = known.part if known else ""
        is_part = pod is not None and bool(part) and body["metadata"]["name"].startswith(part)
        mine = is_part if part or (known and known.target == "cluster") else aims(evidence, broken.body, node, pod)
        if broken.until is None and mine:
            links = [Link((known.look_for,), lookup="Fault", tone="crash")] if known else []
            return answer(
                f"What is broken at {body['metadata']['name']}?", [*links, fault_link(evidence, broken.began)]
            )
    return None


BROKEN = Question("broken", ("nodes", "pods"), ask)
