"""Why does this Ingress, or this load balancer, have no address? It waits for somebody else (Kubernetes: Ingress)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, key_of
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.endpoints import ENDPOINTS
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker
from playground.timeline.line import Name


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    name, class_ = key_of(body).name, dig(body, "spec.ingressClassName", "")
    classes = {one["metadata"]["name"]: one for one in evidence.list("ingressclasses")}
    first = Link(
        ("It has no address yet: an Ingress is only a signpost until a controller follows it.",),
        lookup="Ingress",
        tone="pending",
    )
    question = f"Why does {name} lead nowhere?"
    if not dig(body, "status.loadBalancer.ingress"):
        if class_ and class_ not in classes:
            words: Words = ("It names the class ", Code(class_), ", and there is no such IngressClass.")
        elif not class_:
            words = ("It names no class, and no IngressClass is the default.",)
        else:
            words = (
                "No running pod of the controller ",
                Code(dig(classes[class_], "spec.controller", "")),
                " has taken it.",
            )
        told = Link(words, lookup="Ingress", field="spec.ingressClassName")
        return answer(question, [first, told, maker(evidence, "ingresses", body)])
    return _backend(body, evidence, question)


def _backend(body: Body, evidence: Evidence, question: str) -> Answer | None:
    """A rule whose Service is missing, or has no endpoints."""
    space = key_of(body).namespace
    paths = [path for rule in dig(body, "spec.rules", ()) for path in dig(rule, "http.paths", ())]
    for path in [*paths, {"backend": dig(body, "spec.defaultBackend", {})}]:
        service = dig(path, "backend.service.name", "")
        found = evidence.get("services", space, service) if service else None
        at = f" of {path['path']}" if path.get("path") else ""
        if service and found is None:
            words: Words = (f"The rule{at} leads to a Service ", Code(service), " that does not exist: 503.")
            link = Link(words, lookup="Ingress", tone="crash", field="spec.rules[].http.paths[].backend.service.name")
            return answer(question, [link, maker(evidence, "ingresses", body)])
        sick = ENDPOINTS.ask("services", found, evidence) if found else None
        if sick is not None and sick.urgent:
            words = (f"The rule{at} leads to ", Name("services", space, service), ", which answers nobody.")
            return answer(question, [Link(words, lookup="Ingress", tone="crash"), *sick.links], *sick.figures)
    return None


INGRESS = Question("ingress", ("ingresses",), ask)
