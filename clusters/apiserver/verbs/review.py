"""Questions about oneself: who am I, may I (`kubectl auth whoami`, `kubectl auth can-i`)."""

from __future__ import annotations

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.discovery import REVIEWS, served
from clusters.apiserver.incoming import identified, read_data
from clusters.apiserver.target import READS, SUBRESOURCES
from clusters.kinds.body import Body
from clusters.reconcile.clock import rfc3339

REASON = "this token may only look"


def review(call: Call) -> Answer:
    """The question with its answer in `status`."""
    kind = call.aim.kind
    question = identified(*read_data(call), kind, whole=False)
    answers = {
        "SelfSubjectReview": _who,
        "SelfSubjectAccessReview": _may,
        "SelfSubjectRulesReview": _rules,
    }
    metadata = {**question["metadata"], "creationTimestamp": rfc3339(call.now)}
    return ok({**question, "metadata": metadata, "status": answers[kind.kind](call, question)}, code=201)


def _who(call: Call, _: Body) -> Body:
    return {"userInfo": {"username": call.user.name, "groups": list(call.user.groups)}}


def _may(call: Call, question: Body) -> Body:
    spec = question.get("spec") or {}
    asked = spec.get("resourceAttributes") or spec.get("nonResourceAttributes") or {}
    allowed = call.user.may_edit or (call.user.may_look and asked.get("verb") in READS)
    told = {"reason": REASON} if call.user.may_look else {}
    return {"allowed": True} if allowed else {"allowed": False, **told}


def _rules(call: Call, _: Body) -> Body:
    verbs = ["*"] if call.user.may_edit else list(READS) if call.user.may_look else ["create"]
    by_group: dict[str, list[str]] = {}
    for kind in served(call.kinds) if call.user.may_look else REVIEWS:
        below = [f"{kind.plural}/{name}" for name in kind.subresources if name in SUBRESOURCES]
        by_group.setdefault(kind.group, []).extend([kind.plural, *below])
    rules = [{"verbs": verbs, "apiGroups": [group], "resources": found} for group, found in by_group.items()]
    paths = [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
    ]
    return {
        "resourceRules": rules,
        "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": paths}],
        "incomplete": False,
    }
