"""Why did this request fail? The hops of its way, and what is the matter where it ended (networking: Outcome.hops)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kernel import Hop, Outcome
from clusters.kinds.body import Body, dig
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.endpoints import ENDPOINTS
from playground.reasons.telling import fault_link
from playground.timeline.line import Name

LOOKUPS = {
    "dns": "DNS",
    "service": "Service",
    "pod": "Pod",
    "node": "Node",
    "policy": "NetworkPolicy",
    "ingress": "Ingress",
    "proxy": "kube-proxy",
}
RESOURCES = {"service": "services", "pod": "pods", "ingress": "ingresses"}
PLAIN = {
    "connection refused": "nobody listens there, and the machine says so at once",
    "no endpoints": "no ready pod stands behind the Service, so the node refuses the connection",
    "timeout": "no answer came",
    "no route to host": "there is no way to this address",
    "bad address": "the name could not be found",
}
MEANT = {"dns": "dns"}


def why_failed(outcome: Outcome, evidence: Evidence) -> Answer | None:
    """None for a request that was answered well."""
    if outcome.ok and outcome.status < 500:
        return None
    return of_hops(outcome.hops, outcome.reason or f"HTTP {outcome.status}", evidence)


def of_hops(hops: Sequence[Hop], reason: str, evidence: Evidence) -> Answer:
    """The chain from the last hop, where it ended, to what began it."""
    last = hops[-1] if hops else Hop("client", "", "")
    words: Words = (f"{reason}: {PLAIN.get(reason, 'that is what came back')}.",)
    links = [Link(words, lookup=LOOKUPS.get(last.what, "Service"), tone="crash"), *[_hop(hop) for hop in hops[-2:]]]
    links += _cause(hops, last, evidence)
    return answer("Why did this request fail?", links)


def _hop(hop: Hop) -> Link:
    detail = f": {hop.detail}" if hop.detail else "."
    return Link((f"At the {hop.what} ", _named(hop), detail), lookup=LOOKUPS.get(hop.what, "Service"))


def _named(hop: Hop) -> Name | Code:
    if hop.what == "node":
        return Name("nodes", "", hop.name)
    if hop.what in RESOURCES and "/" in hop.name:
        namespace, name = hop.name.split("/", 1)
        return Name(RESOURCES[hop.what], namespace, name.split(":")[0])
    return Code(hop.name)


def _cause(hops: Sequence[Hop], last: Hop, evidence: Evidence) -> list[Link]:
    """A fault on the way; else what is the matter with the Service."""
    for hop in reversed(hops):
        node, pod = _place(hop, evidence)
        blamed = culprit(evidence, "request", evidence.now, node, pod) if node or pod else None
        if blamed:
            return [fault_link(evidence, blamed)]
    symptom = MEANT.get(last.what, "request")
    blamed = culprit(evidence, symptom, evidence.now, anywhere=symptom == "dns")
    if blamed:
        return [fault_link(evidence, blamed)]
    service = next((hop for hop in reversed(hops) if hop.what == "service" and "/" in hop.name), None)
    if service:
        namespace, name = service.name.split("/", 1)
        body = evidence.get("services", namespace, name.split(":")[0])
        found = ENDPOINTS.ask("services", body, evidence) if body else None
        return list(found.links[-2:]) if found else []
    return []


def _place(hop: Hop, evidence: Evidence) -> tuple[str, Body | None]:
    if hop.what == "node":
        return hop.name, None
    if hop.what != "pod" or "/" not in hop.name:
        return "", None
    pod = evidence.get("pods", *hop.name.split("/", 1))
    return (dig(pod, "spec.nodeName", ""), pod) if pod else ("", None)
