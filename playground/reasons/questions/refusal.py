"""Why does the API server refuse the pods of an owner? A quota, a range, a missing account (Kubernetes: Admission)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import parse
from playground.reasons.answer import Code, Link, Words
from playground.reasons.evidence import Evidence
from playground.reasons.spelling import likeness
from playground.reasons.telling import maker, name_of
from playground.timeline.line import Name

QUOTA = re.compile(r"exceeded quota: (\S+?),.* limited: (.+?)\.?$")
UNSAID = re.compile(r"failed quota: (\S+?): must specify (.+?) for: ")
ACCOUNT = re.compile(r'serviceaccount "([^"]+)" not found')
RANGE = re.compile(r"(?:maximum|minimum) (\S+) usage per (Container|Pod)|(\S+) max limit to request ratio")
WEBHOOK = re.compile(r'admission webhook "([^"]+)" denied')
TEMPLATE = "spec.template.spec"
NEAR = 0.6


def refused(body: Body, evidence: Evidence) -> list[Link]:
    """What it was told when it wanted to make a pod, and the rule that says so; nothing where no pod was refused."""
    conditions = dig(body, "status.conditions", ())
    failure = next((one for one in conditions if one["type"] == "ReplicaFailure" and one["status"] == "True"), None)
    if failure is None:
        return []
    told, space = str(failure.get("message", "")), body["metadata"].get("namespace") or ""
    rule = _rule(told, space, evidence)
    lookup = rule[0].lookup if rule else "Control plane"
    words = (f"The API server refuses its pods: {told.split(' is forbidden: ', 1)[-1].rstrip('.')}.",)
    return [Link(words, at=parse(failure["lastTransitionTime"]), lookup=lookup, tone="crash"), *rule]


def _rule(told: str, space: str, evidence: Evidence) -> list[Link]:
    if found := QUOTA.search(told):
        words: Words = (
            "The quota ",
            Name("resourcequotas", space, found[1]),
            " allows no more than ",
            Code(found[2]),
            ".",
        )
        return [_dated(words, "Quota", "spec.hard", evidence.get("resourcequotas", space, found[1]), evidence)]
    if found := UNSAID.search(told):
        words = ("The quota ", Name("resourcequotas", space, found[1]), " counts ", Code(found[2]))
        words = (*words, ", so every container has to say how much it asks for.")
        return [Link(words, lookup="Quota", field=f"{TEMPLATE}.containers[].resources")]
    if found := ACCOUNT.search(told):
        words = ("There is no ServiceAccount ", Code(found[1]), f" in {space}", *_near(found[1], space, evidence))
        return [Link(words, lookup="ServiceAccount", field=f"{TEMPLATE}.serviceAccountName")]
    if found := WEBHOOK.search(told):
        words = ("Whoever answers for the webhook ", Code(found[1]), " says no.")
        return [Link(words, lookup="Admission webhook", field="webhooks[].rules")]
    if RANGE.search(told) and (ranges := evidence.list("limitranges", space)):
        words = ("The LimitRange ", name_of("limitranges", ranges[0]), " says how much one may ask for.")
        return [_dated(words, "LimitRange", "spec.limits", ranges[0], evidence)]
    return []


def _dated(words: Words, lookup: str, field: str, rule: Body | None, evidence: Evidence) -> Link:
    """The rule stands there since it was made."""
    resource = {"Quota": "resourcequotas", "LimitRange": "limitranges"}[lookup]
    made = maker(evidence, resource, rule) if rule else Link(words)
    return Link(words, made.revision, made.at, lookup, "", made.actor, field)


def _near(name: str, space: str, evidence: Evidence) -> Words:
    there: Sequence[str] = [one["metadata"]["name"] for one in evidence.list("serviceaccounts", space)]
    best = max(sorted(there), key=lambda one: likeness(name, one), default="")
    return ("; there is ", Code(best), ".") if best and likeness(name, best) >= NEAR else (".",)
