"""Why does this NetworkPolicy do nothing? Nobody has the labels that it selects (Kubernetes: Network Policies)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, key_of, labels_of
from clusters.kinds.selectors import matches
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.endpoints import labels_near, nearest
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker, name_of


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    selector = dig(body, "spec.podSelector") or {}
    labels = selector.get("matchLabels") or {}
    pods = evidence.list("pods", key_of(body).namespace)
    if is_deleting(body) or not labels or any(matches(selector, labels_of(pod)) for pod in pods):
        return None
    asked = ",".join(f"{name}={value}" for name, value in labels.items())
    words: Words = ("It is meant for pods with ", Code(asked), ", and there is none in this namespace.")
    links = [Link(words, lookup="Selector", tone="pending", field="spec.podSelector")]
    near = nearest(labels, pods)
    if near is not None:
        told = ("The nearest is ", name_of("pods", near), " with ", *labels_near(labels, near))
        links.append(Link(told, lookup="Selector", field="metadata.labels"))
    question = f"Why does {body['metadata']['name']} do nothing?"
    return answer(question, [*links, maker(evidence, resource, body)], urgent=False)


POLICY = Question("policy", ("networkpolicies",), ask)
