"""Why does this quota let nothing more in? What it allows, and what is used (Kubernetes: Resource Quotas)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.kinds.quantity import parse as quantity
from playground.reasons.answer import Answer, Link, answer, figures
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    hard, used = dig(body, "status.hard") or {}, dig(body, "status.used") or {}
    full = [name for name, most in hard.items() if quantity(str(used.get(name, 0))) >= quantity(str(most))]
    if not full:
        return None
    words = (f"Of {', '.join(full)} all is used: the API server refuses what would be more.",)
    first = Link(words, lookup="Quota", tone="notready", field="spec.hard")
    rows = [
        (name, f"{used.get(name, 0)} of {most} used", "crash" if name in full else "") for name, most in hard.items()
    ]
    question = f"Why does {body['metadata']['name']} let nothing more in?"
    return answer(question, [first, maker(evidence, resource, body)], figures("What is used", *rows))


QUOTA = Question("quota", ("resourcequotas",), ask)
