"""Why does it have so many pods? Whoever changed its size last, a person or an autoscaler (Kubernetes: Scaling)."""

from __future__ import annotations

from clusters.kinds.body import Body, controller_of, dig, is_deleting, uid_of
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.question import Question
from playground.reasons.questions.scaling import AUTOSCALER, SCALING
from playground.reasons.telling import link, name_of, story


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    changed = _resized(body, evidence)
    if changed is None or is_deleting(body) or controller_of(body):
        return None
    many = int(dig(body, "spec.replicas", 1))
    question = f"Why does {body['metadata']['name']} have {many or 'no'} pod{'s' * (many != 1)}?"
    if changed.actor != AUTOSCALER:
        return answer(question, story(evidence, changed), urgent=False)
    target = (body["kind"], body["metadata"]["name"])
    for scaler in evidence.list("horizontalpodautoscalers", body["metadata"].get("namespace")):
        aim = dig(scaler, "spec.scaleTargetRef", {})
        found = SCALING.ask("horizontalpodautoscalers", scaler, evidence)
        if (aim.get("kind"), aim.get("name")) == target and found:
            words = ("The autoscaler ", name_of("horizontalpodautoscalers", scaler), " sets its size.")
            told = Link(words, lookup="HorizontalPodAutoscaler", field="spec.scaleTargetRef")
            return answer(question, [link(evidence, changed), told, *found.links[1:]], *found.figures, urgent=False)
    return answer(question, story(evidence, changed), urgent=False)


def _resized(body: Body, evidence: Evidence) -> Moment | None:
    """The last write of another size."""
    was: object = None
    found: Moment | None = None
    for moment in evidence.story(uid_of(body)):
        now = dig(moment.body, "spec.replicas", 1)
        if was is not None and now != was:
            found = moment
        was = now
    return found


SIZE = Question("size", ("deployments", "statefulsets", "replicasets", "replicationcontrollers"), ask)
