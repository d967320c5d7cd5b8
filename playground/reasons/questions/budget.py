"""Why does this budget let nobody go? How many must stay, and how many are well (Kubernetes: PodDisruptionBudget)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, labels_of
from clusters.kinds.selectors import matches
from playground.reasons.answer import Answer, Link, Words, answer, figures
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import is_well
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker, name_of


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    status, name = body.get("status") or {}, body["metadata"]["name"]
    if status.get("disruptionsAllowed") or not status.get("expectedPods"):
        return None
    expected, healthy, least = (
        int(status.get(one) or 0) for one in ("expectedPods", "currentHealthy", "desiredHealthy")
    )
    pods = "pod is" if expected == 1 else "pods are"
    words: Words = (f"{healthy} of {expected} {pods} healthy, and {least} must be: it lets nobody go.",)
    links = [Link(words, lookup="Budget", tone="pending"), *_why(body, expected, healthy, least, evidence)]
    shown = figures("The arithmetic", ("pods", expected), ("healthy", healthy), ("must stay", least), ("may go", 0))
    return answer(f"Why does {name} let nobody go?", [*links, maker(evidence, resource, body)], shown)


def _why(body: Body, expected: int, healthy: int, least: int, evidence: Evidence) -> list[Link]:
    field = "minAvailable" if dig(body, "spec.minAvailable") is not None else "maxUnavailable"
    rule = f"{field}: {dig(body, f'spec.{field}')}"
    if least >= expected:
        words: Words = (f"With {rule} not one may ever be missing: a drain waits for ever.",)
        return [Link(words, lookup="Budget", field=f"spec.{field}")]
    pods = evidence.list("pods", body["metadata"].get("namespace"))
    ill = next((one for one in pods if matches(dig(body, "spec.selector"), labels_of(one)) and not is_well(one)), None)
    if ill is None:
        return []
    return [
        Link(
            (name_of("pods", ill), f" is not ready: {rule} counts it as missing already."),
            lookup="Budget",
            field=f"spec.{field}",
        )
    ]


BUDGET = Question("budget", ("poddisruptionbudgets",), ask)
