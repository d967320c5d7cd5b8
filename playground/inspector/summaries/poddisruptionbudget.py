"""A PodDisruptionBudget: how many of its pods may be taken away on purpose now, and why not more."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, labels_of
from clusters.kinds.labelselector import shown
from clusters.kinds.selectors import matches
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.replicaset import pods_table
from playground.inspector.telling import Ink, Summary, counted, fact
from playground.inspector.words import condition_of


def poddisruptionbudget(body: Body, around: Around) -> Summary:
    selector = body["spec"].get("selector")
    pods = [pod for pod in around.list("pods", body["metadata"]["namespace"]) if matches(selector, labels_of(pod))]
    desired, healthy = dig(body, "status.desiredHealthy", 0), dig(body, "status.currentHealthy", 0)
    return Summary(
        (says(body),),
        inks=(Ink("Healthy pods", f"{desired} or more", str(healthy), ""),) if desired > healthy else (),
        facts=(fact("Rule", rule(body)), fact("Pods", shown(selector), mono=True), *about(body, around)),
        tables=(pods_table(pods),),
    )


def says(body: Body) -> str:
    name, status = body["metadata"]["name"], body.get("status") or {}
    condition = condition_of(body, "DisruptionAllowed")
    if condition.get("reason") == "SyncFailed":
        return f"{name} cannot be judged, so it lets nobody go: {condition.get('message', '')}."
    if not status.get("expectedPods"):
        return f"{name} has no pods to protect."
    healthy, desired = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
    allowed = status.get("disruptionsAllowed", 0)
    has = f"{healthy} of {counted(status['expectedPods'], 'pod')} {'is' if healthy == 1 else 'are'} healthy"
    if allowed:
        return f"{name} lets {allowed} go now: {has}, {desired} must stay."
    return f"{name} lets nobody go now: {has}, {desired} must stay. A drain waits."


def rule(body: Body) -> str:
    spec = body["spec"]
    if spec.get("maxUnavailable") is not None:
        return f"at most {spec['maxUnavailable']} may be missing"
    return f"at least {spec.get('minAvailable', 0)} must be there"
