"""Who wrote what a pod is made from? The beginning of its template, whatever made this very pod necessary."""

from __future__ import annotations

from clusters.kinds.body import Body, labels_of
from playground.reasons.answer import Link
from playground.reasons.evidence import Evidence
from playground.reasons.questions.returned import owner_of
from playground.reasons.telling import maker


def author(pod: Body, evidence: Evidence) -> Link:
    """Of a pod that replaces a lost one not the loss: its fields have stood there longer."""
    owner = owner_of(pod, evidence)
    if owner is None or owner[0].plural == "nodes":
        return maker(evidence, "pods", pod)
    name, body = owner
    revision = labels_of(pod).get("controller-revision-hash", "")
    for called in (revision, f"{name.name}-{revision}") if revision else ():
        kept = evidence.get("controllerrevisions", name.namespace, called)
        if kept is not None:
            return maker(evidence, "controllerrevisions", kept)
    return maker(evidence, name.plural, body)
