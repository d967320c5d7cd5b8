"""Why did it change last? Whatever it is: who wrote it, and what made that necessary."""

from __future__ import annotations

from clusters.kinds.body import Body, uid_of
from playground.reasons.answer import Answer, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import EVERYTHING, Question
from playground.reasons.telling import feed, story


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    if resource == "pods":
        return None  # other questions know better
    moments = [one for one in evidence.story(uid_of(body)) if one.op != "ADDED"]
    told = [one for one in moments[-20:] if feed(evidence, one)]
    if not told:
        return None
    return answer("What happened to it last?", story(evidence, told[-1]), urgent=False)


LAST_CHANGE = Question("last-change", EVERYTHING, ask)
