"""Why does this EndpointSlice name nobody who is ready? What is the matter with its Service (EndpointSlices)."""

from __future__ import annotations

from clusters.kinds.body import Body, is_deleting, key_of, labels_of
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.endpoints import ENDPOINTS, OWNER
from playground.reasons.questions.question import Question
from playground.timeline.line import Name


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    key, service = key_of(body), labels_of(body).get(OWNER, "")
    found = evidence.get("services", key.namespace, service) if service else None
    told = ENDPOINTS.ask("services", found, evidence) if found and not is_deleting(body) else None
    if told is None:
        return None
    first = Link(("It is written for the Service ", Name("services", key.namespace, service), "."), lookup="Endpoints")
    return answer(told.question, [first, *told.links], *told.figures, urgent=told.urgent)


SLICES = Question("slices", ("endpointslices",), ask)
