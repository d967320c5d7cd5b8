"""Why on this node? The scheduler's choice; its whole table is below (Kubernetes: kube-scheduler)."""

from __future__ import annotations

from clusters.kinds.body import Body, controller_of, dig, uid_of
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Link, answer
from playground.reasons.evidence import Evidence, before
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker, story
from playground.timeline.line import Name


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    node = dig(body, "spec.nodeName", "")
    if not node:
        return None
    question = f"Why on {node}?"
    bound = next((one for one in evidence.story(uid_of(body)) if dig(one.body, "spec.nodeName")), None)
    owner = controller_of(body)
    if owner and owner["kind"] == "Node":
        words = (
            "It is a static pod: the kubelet of ",
            Name("nodes", "", node),
            " reads it from a file of its machine.",
        )
        at = parse(body["metadata"]["creationTimestamp"])
        return answer(question, [Link(words, at=at, lookup="Pod")], urgent=False)
    if bound is None or (bound.op != "ADDED" and before(evidence, bound) is None):
        return answer(question, [_long_ago(body), *([rule] if (rule := _rule(body)) else [])], urgent=False)
    if bound.op == "ADDED":
        words = ("It named ", Name("nodes", "", node), " itself; no scheduler chose.")
        chosen = Link(words, lookup="Scheduler", field="spec.nodeName")
        return answer(question, [chosen, maker(evidence, "pods", body)], urgent=False)
    rule = _rule(body)
    first, *rest = story(evidence, bound, "Scheduler")
    return answer(question, [first, *([rule] if rule else []), *rest], urgent=False)


def _long_ago(body: Body) -> Link:
    """The log begins later; the pod itself knows when it was."""
    said: Body = next((one for one in dig(body, "status.conditions", ()) if one["type"] == "PodScheduled"), {})
    at = parse(said["lastTransitionTime"]) if said.get("lastTransitionTime") else 0
    node = Name("nodes", "", body["spec"]["nodeName"])
    words = ("It came to ", node, ", and what the log still holds begins later: who chose is not known any more.")
    return Link(words, at=at, lookup="Scheduler")


def _rule(body: Body) -> Link | None:
    """The wish in its spec that narrowed the choice."""
    if "metadata.name" in str(dig(body, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution")):
        words = ("It was made for this very node: a DaemonSet wants one on each that suits.",)
        return Link(words, lookup="DaemonSet", field="spec.affinity.nodeAffinity")
    wishes = (
        ("spec.nodeSelector", "Affinity", "Only nodes with certain labels came into question"),
        ("spec.affinity.nodeAffinity", "Affinity", "It has a wish about the node’s labels"),
        ("spec.affinity.podAntiAffinity", "Affinity", "It wants to be away from certain pods"),
        ("spec.affinity.podAffinity", "Affinity", "It wants to be near certain pods"),
        ("spec.topologySpreadConstraints", "Spread constraints", "It is to be spread evenly with its like"),
    )
    for field, lookup, plain in wishes:
        if dig(body, field):
            return Link((f"{plain}.",), lookup=lookup, field=field)
    return None


PLACED = Question("placed", ("pods",), ask)
