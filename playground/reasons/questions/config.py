"""Why can this container not be made? What it names, and what is not there (CreateContainerConfigError)."""

from __future__ import annotations

import re

from clusters.kinds.body import Body, dig, is_deleting
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.author import author
from playground.reasons.questions.containers import field_of, spec_of, statuses_of, turned
from playground.reasons.questions.question import Question
from playground.reasons.spelling import likeness
from playground.timeline.line import Name

UNMADE = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
MISSING = re.compile(r'(configmap|secret) "([^"]+)" not found')
KEY = re.compile(r"couldn't find key (\S+) in (ConfigMap|Secret) [^/]+/(\S+)")
REFS = ("configMapRef", "secretRef")
NEAR = 0.6  # how like a name must be to be called the one that was meant


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    status = next((one for one in statuses_of(body) if _reason(one) in UNMADE), None)
    if status is None or is_deleting(body):
        return None
    name, told = status["name"], str(dig(status, "state.waiting.message", ""))
    since = turned(evidence, body, lambda pod: any(_reason(one) in UNMADE for one in statuses_of(pod)))
    place = (since.revision, since.at) if since else (0, 0)
    first = Link((f"The kubelet cannot make {name}: {told}.",), *place, "Container configuration", "crash")
    links = [first, *_cause(body, name, told, evidence), author(body, evidence)]
    return answer(f"Why can {name} not be made?", links)


def _reason(status: Body) -> str:
    return str(dig(status, "state.waiting.reason", ""))


def _cause(pod: Body, container: str, told: str, evidence: Evidence) -> list[Link]:
    space, where = pod["metadata"].get("namespace") or "", field_of(pod, container)
    if found := MISSING.search(told):
        names = [dig(one, f"{ref}.name") for one in spec_of(pod, container).get("envFrom") or () for ref in REFS]
        return missing(told, space, f"{where}.{'envFrom' if found[2] in names else 'env'}", evidence)
    if found := KEY.search(told):
        kind, plural = found[2], f"{found[2].lower()}s"
        body = evidence.get(plural, space, found[3]) or {}
        keys = ", ".join({**(body.get("data") or {}), **(body.get("stringData") or {})}) or "nothing"
        words: Words = (
            f"{kind} ",
            Name(plural, space, found[3]),
            " has no key ",
            Code(found[1]),
            f"; it holds {keys}.",
        )
        return [Link(words, lookup="Container configuration", tone="crash", field=f"{where}.env")]
    command = " ".join(spec_of(pod, container).get("command") or ())
    if command:
        words = ("Its image has no such command: ", Code(command[:90]))
        return [Link(words, lookup="Container configuration", tone="crash", field=f"{where}.command")]
    return []


def missing(told: str, space: str, field: str, evidence: Evidence) -> list[Link]:
    """The ConfigMap or Secret that is named and is not there, with the one that was perhaps meant."""
    found = MISSING.search(told)
    if found is None:
        return []
    kind, plural = {"configmap": ("ConfigMap", "configmaps"), "secret": ("Secret", "secrets")}[found[1]]
    near = _near(plural, found[2], space, evidence)
    words: Words = (f"There is no {kind} ", Code(found[2]), f" in {space}", *near)
    return [Link(words, lookup="Container configuration", tone="crash", field=field)]


def _near(plural: str, name: str, namespace: str, evidence: Evidence) -> Words:
    there = [one["metadata"]["name"] for one in evidence.list(plural, namespace)]
    best = max(sorted(there), key=lambda one: likeness(name, one), default="")
    return ("; there is ", Name(plural, namespace, best), ".") if best and likeness(name, best) >= NEAR else (".",)


CONFIG = Question("config", ("pods",), ask)
