"""Why did it come back after I deleted it? Its owner counted, and one was missing (Kubernetes: Controllers)."""

from __future__ import annotations

from clusters.kinds.body import Body, controller_of, dig, is_deleting
from playground.reasons.answer import Answer, Figures, Link, answer, figures
from playground.reasons.evidence import Evidence, Moment, asked_to_go, born
from playground.reasons.questions.question import Question
from playground.reasons.telling import is_person, link, story
from playground.timeline.line import Name

PLURALS = {
    "ReplicaSet": "replicasets",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "Job": "jobs",
    "ReplicationController": "replicationcontrollers",
    "Deployment": "deployments",
    "CronJob": "cronjobs",
    "Node": "nodes",
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    owner = owner_of(body, evidence)
    if owner is None or is_deleting(owner[1]):
        return None
    gone = evidence.get(resource, body["metadata"].get("namespace") or "", body["metadata"]["name"]) is None
    return _will(body, owner, evidence) if gone or is_deleting(body) else _has(resource, body, owner, evidence)


def owner_of(body: Body, evidence: Evidence) -> tuple[Name, Body] | None:
    """The object that made it and keeps it, while it is there."""
    reference = controller_of(body)
    if reference is None or reference["kind"] not in PLURALS:
        return None
    space = "" if reference["kind"] == "Node" else body["metadata"].get("namespace") or ""
    name = Name(PLURALS[reference["kind"]], space, reference["name"])
    found = evidence.get(name.plural, name.namespace, name.name)
    return (name, found) if found is not None and found["metadata"]["uid"] == reference["uid"] else None


def _has(resource: str, body: Body, owner: tuple[Name, Body], evidence: Evidence) -> Answer | None:
    """It is the replacement of one that somebody deleted."""
    first = born(evidence, body)
    cause = evidence.moment(first.cause) if first and first.cause else None
    if (
        first is None
        or cause is None
        or cause.resource != resource
        or not (is_deleting(cause.body) or cause.op == "DELETED")
    ):
        cause = _recent(resource, body, first, owner, evidence) if first else None
    if first is None or cause is None:
        return None
    asked = asked_to_go(evidence, cause.body) or cause
    links = [link(evidence, first), _keeps(owner), *story(evidence, asked)]
    return answer(f"Why did it come back after {asked.name} was deleted?", links, _counted(owner), urgent=False)


def _recent(resource: str, body: Body, first: Moment, owner: tuple[Name, Body], evidence: Evidence) -> Moment | None:
    """Of the same name (StatefulSet, DaemonSet's static like): the one before it, which somebody deleted."""
    removed = evidence.gone(resource, first.namespace, first.name)
    asked = asked_to_go(evidence, removed.body) if removed and removed.revision < first.revision else None
    return asked if asked and is_person(asked) else None


def _will(body: Body, owner: tuple[Name, Body], evidence: Evidence) -> Answer | None:
    asked = asked_to_go(evidence, body)
    others = [one for one in evidence.list("pods", body["metadata"].get("namespace")) if _of(one, owner[1])]
    heirs = [first for one in others if (first := born(evidence, one)) and asked and first.revision > asked.revision]
    if not heirs or asked is None:
        return None
    links = [link(evidence, heirs[0]), _keeps(owner), *story(evidence, asked)]
    return answer(
        f"Why is there another one after {body['metadata']['name']} was deleted?", links, _counted(owner), urgent=False
    )


def _of(pod: Body, owner: Body) -> bool:
    reference = controller_of(pod)
    return reference is not None and reference["uid"] == owner["metadata"]["uid"]


def _keeps(owner: tuple[Name, Body]) -> Link:
    name, body = owner
    wanted = dig(body, "spec.replicas")
    many = f"{wanted} pod{'s' * (wanted != 1)}" if wanted is not None else "its pods"
    words = (f"{body['kind']} ", name, f" wants {many}, and had fewer. To be rid of them, scale it or delete it.")
    return Link(words, lookup="Controller", field="spec.replicas")


def _counted(owner: tuple[Name, Body]) -> Figures | None:
    body = owner[1]
    if dig(body, "spec.replicas") is None:
        return None
    return figures(
        "Desired and actual",
        ("wanted", dig(body, "spec.replicas")),
        ("there", dig(body, "status.replicas", 0)),
        ("ready", dig(body, "status.readyReplicas", 0)),
    )


RETURNED = Question("returned", ("pods",), ask)
