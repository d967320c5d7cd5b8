"""Why has this Service no external address? It waits for a cloud's controller (Kubernetes: type LoadBalancer)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, key_of
from playground.reasons.answer import Answer, Code, Link, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, maker


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    waits = dig(body, "spec.type") == "LoadBalancer" and not dig(body, "status.loadBalancer.ingress")
    if not waits or is_deleting(body):
        return None
    first = Link(
        ("Its external address is pending: whoever makes load balancers has not made one.",),
        lookup="Load balancer",
        tone="pending",
    )
    class_ = dig(body, "spec.loadBalancerClass", "")
    if class_:
        words = ("No controller here makes load balancers of the class ", Code(class_), ".")
        links = [first, Link(words, lookup="Load balancer", tone="crash", field="spec.loadBalancerClass")]
    else:
        links = [first, Link(("It takes the cloud some seconds.",), lookup="Load balancer")]
    down = culprit(evidence, "unhealed", evidence.now, anywhere=True)
    links.append(fault_link(evidence, down) if down and not class_ else maker(evidence, resource, body))
    return answer(f"Why has {key_of(body).name} no external address?", links)


LOAD_BALANCER = Question("load-balancer", ("services",), ask)
