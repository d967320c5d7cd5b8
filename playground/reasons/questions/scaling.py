"""Why does this HorizontalPodAutoscaler not scale? (Kubernetes: Horizontal Pod Autoscaling)"""

from __future__ import annotations

from math import ceil

from clusters.kinds.body import Body, dig, key_of
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Figures, Link, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.question import Question
from playground.reasons.questions.rollout import pods_of
from playground.reasons.telling import fault_link, maker
from playground.timeline.line import Name

AUTOSCALER = "horizontal-pod-autoscaler"
PLURALS = {"Deployment": "deployments", "StatefulSet": "statefulsets", "ReplicaSet": "replicasets"}
MEND = {
    "FailedGetResourceMetric": ("Requests", "spec.containers[].resources.requests of the pods"),
    "FailedGetScale": ("HorizontalPodAutoscaler", "spec.scaleTargetRef"),
    "ScalingDisabled": ("HorizontalPodAutoscaler", "spec.replicas of its target"),
    "TooManyReplicas": ("HorizontalPodAutoscaler", "spec.maxReplicas"),
    "TooFewReplicas": ("HorizontalPodAutoscaler", "spec.minReplicas"),
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    conditions = {one["type"]: one for one in dig(body, "status.conditions", ())}
    name, target = key_of(body).name, dig(body, "spec.scaleTargetRef", {})
    bad = [
        one
        for kind, wrong in (("AbleToScale", "False"), ("ScalingActive", "False"), ("ScalingLimited", "True"))
        if (one := conditions.get(kind)) and one["status"] == wrong
    ]
    goal = Name(PLURALS.get(target.get("kind", ""), "deployments"), key_of(body).namespace, target.get("name", ""))
    now, aim = dig(body, "status.currentReplicas", 0), dig(body, "status.desiredReplicas", 0)
    wants = f"wants {aim}" if aim else "does not know how many it needs"
    first = Link(
        (f"It keeps {target.get('kind', 'its target')} ", goal, f" at {now} pod{'s' * (now != 1)} and {wants}."),
        lookup="HorizontalPodAutoscaler",
    )
    links = [first, *[_told(one) for one in bad[:2]]]
    if not conditions:
        links.append(Link(("Nobody has looked at it yet: it is looked at every 15 seconds.",), lookup="Controller"))
    elif not bad:
        links.append(
            Link((str(conditions.get("AbleToScale", {}).get("message", "")),), lookup="HorizontalPodAutoscaler")
        )
    down = culprit(evidence, "unhealed", evidence.now, anywhere=True) if not conditions else _load(goal, evidence)
    links.append(fault_link(evidence, down) if down else maker(evidence, resource, body))
    is_bad = any(one["type"] != "ScalingLimited" for one in bad) or not conditions
    question = f"Why does {name} not scale?" if is_bad else f"Why does {name} want {aim} pod{'s' * (aim != 1)}?"
    return answer(question, links, _metrics(body), urgent=is_bad)


def _load(goal: Name, evidence: Evidence) -> Moment | None:
    """The fault that makes a pod of its target work."""
    body = evidence.get(goal.plural, goal.namespace, goal.name)
    for pod in pods_of(goal.plural, body, evidence) if body else ():
        node = dig(pod, "spec.nodeName", "")
        if found := culprit(evidence, "load", evidence.now, node, pod):
            return found
    return None


def _told(one: Body) -> Link:
    lookup, field = MEND.get(one.get("reason", ""), ("HorizontalPodAutoscaler", "spec.metrics"))
    return Link(
        (f"{one.get('reason')}: {one.get('message', '')}.".replace("..", "."),),
        at=parse(one["lastTransitionTime"]),
        lookup=lookup,
        tone="notready",
        field=field,
    )


def _would_do(body: Body, now: int, target: Body) -> str:
    """The rule of the autoscaler, with its numbers."""
    pods, aim = int(dig(body, "status.currentReplicas", 0)), int(target["averageUtilization"])
    return f"{pods} × {now} / {aim}, rounded up: {ceil(pods * now / aim)}"


def _metrics(body: Body) -> Figures:
    """Each metric: what is, and what is aimed at; and the limits."""
    now = {dig(one, "resource.name", ""): one for one in dig(body, "status.currentMetrics") or ()}
    rows: list[tuple[str, object]] = []
    for metric in dig(body, "spec.metrics", ()):
        name = dig(metric, "resource.name", "") or dig(metric, "containerResource.name", metric.get("type", ""))
        target = dig(metric, "resource.target") or dig(metric, "containerResource.target") or {}
        aim = f"{target['averageUtilization']} %" if "averageUtilization" in target else target.get("averageValue", "")
        current = dig(now.get(name), "resource.current", {})
        seen = (
            f"{current['averageUtilization']} %"
            if "averageUtilization" in current
            else current.get("averageValue", "nothing known")
        )
        rows.append((f"{name}: now, of aim", f"{seen}, of {aim}"))
        if "averageUtilization" in current and target.get("averageUtilization"):
            rows.append(("so many would do", _would_do(body, current["averageUtilization"], target)))
    rows.append(("pods", f"at least {dig(body, 'spec.minReplicas', 1)}, at most {dig(body, 'spec.maxReplicas')}"))
    return figures("The arithmetic", *rows)


SCALING = Question("scaling", ("horizontalpodautoscalers",), ask)
