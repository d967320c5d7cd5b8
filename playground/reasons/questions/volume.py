"""Why does nobody get this volume? Its claim is gone, or none asks for what it is (Kubernetes: Reclaiming)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import turned
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker, story
from playground.timeline.line import Name


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    name, phase = body["metadata"]["name"], dig(body, "status.phase", "")
    if is_deleting(body) or phase not in ("Released", "Failed"):
        return None
    since = turned(evidence, body, lambda pv: dig(pv, "status.phase") == phase)
    if phase == "Failed":
        told = dig(body, "status.message", "") or "it could not be taken away"
        first = Link(
            (f"Its reclaim failed: {told}.",), at=since.at if since else 0, lookup="PersistentVolumeClaim", tone="crash"
        )
        return answer(f"Why has {name} failed?", [first, maker(evidence, resource, body)])
    return answer(f"Why does nobody get {name}?", _released(body, evidence, since.at if since else 0))


def _released(body: Body, evidence: Evidence, at: int) -> list[Link]:
    """The claim that is gone is still written into it, so that nobody else reads what is on it."""
    claim = Name(
        "persistentvolumeclaims", dig(body, "spec.claimRef.namespace", ""), dig(body, "spec.claimRef.name", "")
    )
    policy = dig(body, "spec.persistentVolumeReclaimPolicy", "Retain")
    words: Words = (
        "Its claim ",
        claim,
        " is gone, and ",
        Code(f"persistentVolumeReclaimPolicy: {policy}"),
        " keeps what is on it.",
    )
    kept: Words = ("It is still written to be that claim’s: who takes ", Code("spec.claimRef"), " away gives it free.")
    links = [
        Link(words, at=at or parse(body["metadata"]["creationTimestamp"]), lookup="Reclaim policy", tone="notready"),
        Link(kept, lookup="Reclaim policy", field="spec.claimRef"),
    ]
    gone = evidence.gone(claim.plural, claim.namespace, claim.name)
    return [*links, *(story(evidence, gone) if gone else [maker(evidence, "persistentvolumes", body)])]


VOLUME = Question("volume", ("persistentvolumes",), ask)
