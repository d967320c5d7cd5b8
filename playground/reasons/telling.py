"""Links out of the log: a moment in the feed's words, and the way from it back to whoever began it."""

from __future__ import annotations

from clusters.faults import FAULTS
from clusters.kinds.body import Body, controller_of, dig, key_of, uid_of
from playground.reasons.answer import Code, Link, Words
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment, before, born
from playground.timeline.line import Happened, Line, Name, Sentence, because
from playground.timeline.sentences import told

FARTHEST = 60  # lines of the log that one answer looks at
MACHINE_ROOM = "machine.podium.dev/"  # what the API does not serve has no page
TERMS = {
    "pods": "Pod", "replicasets": "ReplicaSet", "deployments": "Deployment", "statefulsets": "StatefulSet",
    "daemonsets": "DaemonSet", "jobs": "Job", "services": "Service", "nodes": "Node", "faults": "Fault",
    "persistentvolumeclaims": "PersistentVolumeClaim", "namespaces": "Namespace", "endpointslices": "Endpoints",
    "cronjobs": "CronJob", "horizontalpodautoscalers": "HorizontalPodAutoscaler", "poddisruptionbudgets": "Budget",
    "ingresses": "Ingress", "networkpolicies": "NetworkPolicy", "resourcequotas": "Quota", "limitranges": "LimitRange",
    "storageclasses": "StorageClass", "persistentvolumes": "Volume", "configmaps": "ConfigMap", "secrets": "Secret",
    "serviceaccounts": "ServiceAccount",
}  # fmt: skip


def name_of(resource: str, body: Body) -> Name:
    key = key_of(body)
    return Name(resource, key.namespace, key.name)


def link(evidence: Evidence, moment: Moment, lookup: str = "", words: Words = ()) -> Link:
    """The moment in the feed's words, or in these."""
    sentence, tone = feed(evidence, moment) or plainly(moment)
    if not words:
        line = Line(moment.revision, moment.at, moment.actor, sentence, tone)
        words = (f"{moment.actor} ", *sentence) if line.led_by_actor else sentence
    return Link(
        words, moment.revision, moment.at, lookup or TERMS.get(moment.resource, "Controller"), tone, moment.actor
    )


def feed(evidence: Evidence, moment: Moment) -> tuple[Sentence, str] | None:
    """What the feed says of it; None where it keeps quiet."""
    old = before(evidence, moment)
    return told(Happened(moment.op, moment.resource, moment.body, old, moment.actor, moment.why))


def plainly(moment: Moment) -> tuple[Sentence, str]:
    verb = {"ADDED": "made", "DELETED": "removed"}.get(moment.op, "changed")
    kind = str(moment.body.get("kind", "object"))
    served = not str(moment.body.get("apiVersion", "")).startswith(MACHINE_ROOM)
    name = Name(*moment.place)
    return (f"{verb} {kind} ", name if served else name.name, because(moment.why)), ""


def is_person(moment: Moment) -> bool:
    return Line(0, 0, moment.actor, ("",)).by_person


def back(evidence: Evidence, moment: Moment | None) -> list[Link]:
    """The causes of this moment, the nearest first, back to the fault, the user or the timer that began it."""
    links: list[Link] = []
    looked = 0
    while moment is not None and looked < FARTHEST:
        looked += 1
        due = _due(evidence, moment)
        if due:
            return [*links, *due]
        blamed = blame(evidence, moment)
        if blamed is not None:
            return [*links, fault_link(evidence, blamed)]
        cause = evidence.moment(moment.cause) if moment.cause else None
        if cause is None:
            return links or ([beginning(evidence, moment)] if moment.cause else [])
        if cause.resource == "faults":
            return [*links, fault_link(evidence, first_of(evidence, cause))]
        if is_person(cause) or feed(evidence, cause) or not (cause.cause and evidence.moment(cause.cause)):
            links.append(link(evidence, cause))
        moment = cause
    return links


def _due(evidence: Evidence, moment: Moment) -> list[Link]:
    """What a CronJob does to its Jobs is due by its own fields, whatever else happened before."""
    owner = controller_of(moment.body) if moment.resource == "jobs" and moment.actor == "cronjob-controller" else None
    cron = evidence.get("cronjobs", moment.namespace, owner["name"]) if owner else None
    if cron is None:
        return []
    name = name_of("cronjobs", cron)
    if moment.op == "ADDED":
        words: Words = ("The schedule of ", name, " is ", Code(dig(cron, "spec.schedule", "")), ".")
        field = "spec.schedule"
    else:
        field = "spec.successfulJobsHistoryLimit"
        kept, failed = dig(cron, field, 3), dig(cron, "spec.failedJobsHistoryLimit", 1)
        words = (
            name,
            f" keeps {kept} of its Jobs that succeeded and {failed} that failed, and removes the older ones.",
        )
    made = maker(evidence, "cronjobs", cron)
    return [Link(words, made.revision, made.at, "CronJob", "", "", field), made]


def story(evidence: Evidence, moment: Moment, lookup: str = "") -> list[Link]:
    """The moment, and what led to it."""
    blamed = blame(evidence, moment)
    first = link(evidence, moment, lookup)
    return [first, fault_link(evidence, blamed)] if blamed else [first, *back(evidence, moment)]


def blame(evidence: Evidence, moment: Moment) -> Moment | None:
    """The fault that made this moment necessary: what it did to a node, or to a container."""
    if moment.resource == "faults":
        return None
    if moment.resource == "nodes" and moment.op == "MODIFIED" and moment.actor == "node-lifecycle-controller":
        return culprit(evidence, "node", moment.at, node=moment.name)
    return None


def fault_link(evidence: Evidence, fault: Moment) -> Link:
    """Where a chain ends: what was broken on purpose, by whom and when."""
    name, type_ = Name("faults", "", fault.name), dig(fault.body, "spec.type", "")
    words: Words = (f"{fault.actor} began the fault ", name, f" ({type_}): {happens(type_)}")
    return Link(words, fault.revision, fault.at, "Fault", "crash", fault.actor, "kind: Fault")


def first_of(evidence: Evidence, moment: Moment) -> Moment:
    """The making of a fault that did something later."""
    return next((one for one in evidence.story(uid_of(moment.body)) if one.op == "ADDED"), moment)


def happens(type_: str) -> str:
    known = FAULTS.get(type_)
    text = known.happens if known else "something is broken on purpose."
    return text[:1].lower() + text[1:]


def origin(evidence: Evidence, resource: str, body: Body) -> list[Link]:
    """Who made this object, and why, back to the beginning, or to what the object itself still knows."""
    first = born(evidence, body)
    return story(evidence, first) if first else [forgotten(evidence, resource, body)]


def maker(evidence: Evidence, resource: str, body: Body) -> Link:
    """The last of it: the user's write, or as far back as anybody remembers."""
    return origin(evidence, resource, body)[-1]


def beginning(evidence: Evidence, moment: Moment) -> Link:
    return Link(
        (f"What led to it is older than the log: {moment.actor} changed ", Name(*moment.place), because(moment.why)),
        moment.revision, moment.at, "Controller", "", moment.actor,
    )  # fmt: skip


def forgotten(evidence: Evidence, resource: str, body: Body) -> Link:
    """Its own making has been compacted: when it was made stands in it, and its last cause was kept."""
    key, since = key_of(body), str(body["metadata"].get("creationTimestamp", ""))
    kept = evidence.kept(resource, key.namespace, key.name)
    words: Words = (name_of(resource, body), f" was made at {since[11:19]}, before what the log still holds")
    if kept is None:
        return Link((*words, "."), lookup=TERMS.get(resource, "Controller"))
    last = f". It was changed last by {kept.actor}{because(kept.why)}"
    return Link((*words, last), kept.revision, kept.at, TERMS.get(resource, "Controller"), "", kept.actor)
