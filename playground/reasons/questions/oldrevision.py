"""Why is this ReplicaSet still here without pods? It is the way back (Kubernetes: revisionHistoryLimit)."""

from __future__ import annotations

from clusters.kinds.body import Body, annotations_of, dig, is_deleting
from playground.reasons.answer import Answer, Code, Link, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.questions.returned import owner_of
from playground.reasons.questions.rollout import template_changed
from playground.reasons.telling import link, maker

REVISION = "deployment.kubernetes.io/revision"


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    owner = owner_of(body, evidence)
    if owner is None or is_deleting(body) or dig(body, "spec.replicas") != 0 or not dig(owner[1], "spec.replicas", 1):
        return None
    name, deployment = owner
    mine, newest = (annotations_of(one).get(REVISION, "") for one in (body, deployment))
    if not mine or mine == newest:
        return None
    limit = dig(deployment, "spec.revisionHistoryLimit", 10)
    links = [
        Link((f"It is revision {mine} of ", name, f", which is at revision {newest} now."), lookup="Deployment"),
        Link(
            (
                f"The {limit} before are kept as the way back: ",
                Code(f"kubectl rollout undo deployment/{name.name}"),
                ".",
            ),
            lookup="Rolling back",
            field="spec.revisionHistoryLimit",
        ),
    ]
    changed = template_changed(deployment, evidence)
    links.append(link(evidence, changed, "Rolling update") if changed else maker(evidence, name.plural, deployment))
    return answer(f"Why is {body['metadata']['name']} here without pods?", links, urgent=False)


OLD_REVISION = Question("old-revision", ("replicasets",), ask)
