"""Why is it here? From its making back to whoever began it (Kubernetes: Owners and Dependents)."""

from __future__ import annotations

from clusters.kinds.body import Body, controller_of
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.evidence import Evidence, born
from playground.reasons.questions.question import EVERYTHING, Question
from playground.reasons.questions.returned import owner_of
from playground.reasons.telling import forgotten, origin


def ask(resource: str, body: Body, evidence: Evidence) -> Answer:
    links = origin(evidence, resource, body)
    if born(evidence, body) is None:
        links = _owners(resource, body, evidence)
    return answer(f"Why is {body['metadata']['name']} here?", links, urgent=False)


def _owners(resource: str, body: Body, evidence: Evidence) -> list[Link]:
    """Where the log has forgotten: from owner to owner, with what each still knows of itself."""
    links = [forgotten(evidence, resource, body)]
    while (found := owner_of(body, evidence)) and len(links) < 4:
        name, owner = found
        reference = controller_of(body)
        words = (f"It belongs to {reference['kind'] if reference else ''} ", name, ".")
        older = born(evidence, owner)
        links.append(Link(words, lookup="Owner"))
        links += origin(evidence, name.plural, owner) if older else [forgotten(evidence, name.plural, owner)]
        body = owner
    return links


HERE = Question("here", EVERYTHING, ask)
