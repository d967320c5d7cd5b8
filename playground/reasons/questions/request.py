"""Why did this request fail? The hops of its way, and what is the matter where it ended (networking: Outcome.hops)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kernel import Hop, Outcome
from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import Time
from networking.traffic.reasons import explained
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.endpoints import ENDPOINTS
from playground.reasons.spelling import likeness, spelt
from playground.reasons.telling import fault_link, maker, name_of
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
RESOURCES = {"service": "services", "pod": "pods", "ingress": "ingresses", "policy": "networkpolicies"}
PLAIN = {
    "connection refused": "nobody listens there, and the machine says so at once",
    "no endpoints": "no ready pod stands behind the Service, so the node refuses the connection",
    "timeout": "no answer came",
    "no route to host": "there is no way to this address",
    "bad address": "the name could not be found",
}
SAID = {
    "address": "At the address ",
    "client": "From outside, as ",
    "dns": "Looking up ",
    "ingress": "At the Ingress ",
    "kubelet": "At the kubelet of ",
    "load balancer": "At the load balancer ",
    "name": "With the complete name ",
    "node": "At the node ",
    "pod": "At the pod ",
    "policy": "At the NetworkPolicy ",
    "program": "From a program on ",
    "service": "At the Service ",
    "tls": "In the TLS handshake with ",
}
MEANT = {"dns": "dns"}
UNKNOWN = ("NXDOMAIN", "no such name")  # a name server answered, and that is what it said
NEAR = 0.6  # how like a name must be to be called the one that was meant
MACHINES = ("node", "program")


def why_failed(outcome: Outcome, evidence: Evidence) -> Answer | None:
    """None for a request that was answered well."""
    if outcome.ok and outcome.status < 500:
        return None
    return of_hops(outcome.hops, outcome.reason or f"HTTP {outcome.status}", evidence, evidence.now)


def of_trace(trace: Body, evidence: Evidence) -> Answer:
    """Of a request of a Traffic that was followed."""
    hops = [Hop(*(str(part) for part in hop[:3])) for hop in trace["hops"]]
    return of_hops(hops, str(trace["reason"]), evidence, int(trace["at"]))


def of_hops(hops: Sequence[Hop], reason: str, evidence: Evidence, when: Time) -> Answer:
    """The chain from the last hop, where it ended, to what began it."""
    last = hops[-1] if hops else Hop("client", "", "")
    words: Words = (f"{reason}: {told(reason)}.",)
    links = [Link(words, at=when, lookup=LOOKUPS.get(last.what, "Service"), tone="crash"), *map(_hop, _way(hops))]
    links += _cause(hops, last, evidence, when)
    return answer("Why did this request fail?", links)


def _way(hops: Sequence[Hop]) -> Sequence[Hop]:
    """Its end; where it set out from says nothing but on a way without steps."""
    return [hop for hop in hops if hop.what != "client"][-2:] or hops[-1:]


def told(reason: str) -> str:
    """What the word means, as the rest of a sentence."""
    found = PLAIN.get(reason) or explained(reason).removesuffix(".")
    return found[:1].lower() + found[1:] if not found.startswith("NetworkPolicy") else found


def _hop(hop: Hop) -> Link:
    detail = f": {hop.detail}" if hop.detail else "."
    return Link(
        (SAID.get(hop.what, f"At the {hop.what} "), _named(hop), detail), lookup=LOOKUPS.get(hop.what, "Service")
    )


def _named(hop: Hop) -> Name | Code:
    if hop.what in MACHINES:
        return Name("nodes", "", hop.name)
    if hop.what in RESOURCES and "/" in hop.name:
        return Name(RESOURCES[hop.what], *_parts(hop.name))
    return Code(hop.name)


def _cause(hops: Sequence[Hop], last: Hop, evidence: Evidence, when: Time) -> list[Link]:
    """A fault on the way; else who made the policy that stops it, or what is the matter with the Service."""
    for hop in reversed(hops):
        node, pod = _place(hop, evidence)
        blamed = culprit(evidence, "request", when, node, pod) if node or pod else None
        if blamed:
            return [fault_link(evidence, blamed)]
    symptom = MEANT.get(last.what, "request")
    blamed = culprit(evidence, symptom, when, anywhere=symptom == "dns")
    if blamed:
        return [fault_link(evidence, blamed)]
    if last.what == "policy":
        policy = evidence.get("networkpolicies", *_parts(last.name))
        return [maker(evidence, "networkpolicies", policy)] if policy else []
    if last.what == "address":
        return _nobody(last.name, evidence)
    if last.what == "dns" and any(word in last.detail for word in UNKNOWN):
        return _misspelt(last.name, evidence, outside=hops[0].what == "client")
    service = next((hop for hop in reversed(hops) if hop.what == "service" and "/" in hop.name), None)
    body = evidence.get("services", *_parts(service.name)) if service else None
    found = ENDPOINTS.ask("services", body, evidence) if body else None
    return list(found.links[-2:]) if found else []


def _nobody(address: str, evidence: Evidence) -> list[Link]:
    """Packets went to an address that answers nothing there: of a Service without that port, or of nobody."""
    for service in evidence.list("services"):
        if address.partition(":")[0] in dig(service, "spec.clusterIPs", ()):
            ports = ", ".join(str(port["port"]) for port in dig(service, "spec.ports", ()))
            words: Words = ("It is the address of the Service ", name_of("services", service))
            words = (*words, f", but not with a port of it: it has {ports}.")
            made = maker(evidence, "services", service)
            return [Link(words, lookup="Service", tone="crash", field="spec.ports[].port"), made]
    words = ("No pod, no node and no Service of this cluster has the address ", Code(address), ".")
    return [Link(words, lookup="Service", tone="crash")]


def _misspelt(name: str, evidence: Evidence, *, outside: bool) -> list[Link]:
    """The name that was perhaps meant: outside a host of an Ingress, inside a Service."""
    plural = "ingresses" if outside else "services"
    known = {spoken: body for body in evidence.list(plural) for spoken in (_hosts(body) if outside else _names(body))}
    alike = [one for one in known if one.count(".") == name.rstrip(".").count(".")]
    best = max(sorted(alike or known), key=lambda one: likeness(name, one), default="")
    if not best:
        words: Words = ("No Ingress has a host yet: there is no name to ask for from outside.",)
        return [Link(words, lookup="Ingress", field="spec.rules[].host")] if outside else []
    what, body = ("the Ingress " if outside else "the Service "), known[best]
    start = "The nearest name is " if likeness(name, best) >= NEAR else "A name that is known is "
    words = (start, spelt(best, name, gaps=False), ", of ", what, name_of(plural, body), ".")
    link = Link(words, lookup="DNS", field="spec.rules[].host" if outside else "metadata.name")
    return [link, maker(evidence, plural, body)]


def _hosts(ingress: Body) -> list[str]:
    return [rule["host"] for rule in dig(ingress, "spec.rules", ()) if rule.get("host")]


def _names(service: Body) -> list[str]:
    own, space = service["metadata"]["name"], service["metadata"].get("namespace") or ""
    return [own, f"{own}.{space}", f"{own}.{space}.svc.cluster.local"]


def _parts(name: str) -> tuple[str, str]:
    """Namespace and name; a port behind them is no part of it."""
    namespace, _, own = name.partition("/")
    return namespace, own.partition(":")[0]


def _place(hop: Hop, evidence: Evidence) -> tuple[str, Body | None]:
    if hop.what in MACHINES:
        return hop.name, None
    if hop.what != "pod" or "/" not in hop.name:
        return "", None
    pod = evidence.get("pods", *_parts(hop.name))
    return (dig(pod, "spec.nodeName", ""), pod) if pod else ("", None)
