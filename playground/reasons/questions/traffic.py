"""Why do requests of this Traffic fail? The hops of the newest one that failed, and what began it."""

from __future__ import annotations

from clusters.kinds.body import Body, key_of
from playground.reasons.answer import Answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.questions.request import of_trace


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    seen = evidence.get("sightings", *key_of(body))
    failures = [one for one in (seen or {}).get("failures", ()) if one.get("reason")]
    if not failures:
        return None
    return of_trace(max(failures, key=lambda one: int(one["at"])), evidence)


TRAFFIC = Question("traffic", ("traffic",), ask)
