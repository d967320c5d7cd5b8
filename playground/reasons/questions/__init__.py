"""Every question that can be asked, the pressing ones first. A file a question, listed by hand."""

from __future__ import annotations

from dataclasses import replace

from clusters.kinds.body import Body
from playground.reasons.answer import Answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.broken import BROKEN
from playground.reasons.questions.budget import BUDGET
from playground.reasons.questions.claim import CLAIM
from playground.reasons.questions.config import CONFIG
from playground.reasons.questions.crashing import CRASHING
from playground.reasons.questions.endpoints import ENDPOINTS
from playground.reasons.questions.fault import FAULT
from playground.reasons.questions.here import HERE
from playground.reasons.questions.ingress import INGRESS
from playground.reasons.questions.job import JOB
from playground.reasons.questions.killed import KILLED
from playground.reasons.questions.lastchange import LAST_CHANGE
from playground.reasons.questions.loadbalancer import LOAD_BALANCER
from playground.reasons.questions.node import NODE
from playground.reasons.questions.notready import NOT_READY
from playground.reasons.questions.oldrevision import OLD_REVISION
from playground.reasons.questions.pending import PENDING
from playground.reasons.questions.placed import PLACED
from playground.reasons.questions.policy import POLICY
from playground.reasons.questions.pull import PULL
from playground.reasons.questions.question import Question
from playground.reasons.questions.quota import QUOTA
from playground.reasons.questions.returned import RETURNED
from playground.reasons.questions.rollout import ROLLOUT
from playground.reasons.questions.scaling import SCALING
from playground.reasons.questions.schedule import SCHEDULE
from playground.reasons.questions.size import SIZE
from playground.reasons.questions.slices import SLICES
from playground.reasons.questions.starting import STARTING
from playground.reasons.questions.terminating import TERMINATING
from playground.reasons.questions.traffic import TRAFFIC
from playground.reasons.questions.volume import VOLUME

QUESTIONS: tuple[Question, ...] = (
    TERMINATING,
    PENDING,
    PULL,
    CONFIG,
    CRASHING,
    STARTING,
    NODE,
    ENDPOINTS,
    LOAD_BALANCER,
    INGRESS,
    ROLLOUT,
    CLAIM,
    VOLUME,
    SCALING,
    JOB,
    SCHEDULE,
    BUDGET,
    QUOTA,
    SLICES,
    POLICY,
    TRAFFIC,
    KILLED,
    NOT_READY,
    FAULT,
    BROKEN,
    RETURNED,
    OLD_REVISION,
    SIZE,
    HERE,
    PLACED,
    LAST_CHANGE,
)


REPEATING = (KILLED.slug, LAST_CHANGE.slug)


def answers(resource: str, body: Body, evidence: Evidence) -> list[Answer]:
    """All that can be said about this object, the pressing first."""
    found = [
        replace(answer, slug=question.slug)
        for question in QUESTIONS
        if question.concerns(resource) and (answer := question.ask(resource, body, evidence)) is not None
    ]
    return distinct(sorted(found, key=lambda answer: not answer.urgent))


def distinct(found: list[Answer]) -> list[Answer]:
    """Without those that say nothing that one before them does not; what is broken on purpose is told once."""
    kept: list[Answer] = []
    for one in found:
        ends = {str(answer.links[-1]) for answer in kept}
        told = {str(link) for answer in kept for link in answer.links}
        is_told = (
            str(one.links[-1]) in ends
            if one.slug == BROKEN.slug
            else one.slug in REPEATING and told.issuperset(map(str, one.links))
        )
        if not is_told:
            kept.append(one)
    return kept
