"""Why is this claim Pending? (Kubernetes: Persistent Volumes, binding)"""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, key_of
from clusters.kinds.quantity import parse as quantity
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Figures, Link, Words, answer, figures
from playground.reasons.evidence import Evidence
from playground.reasons.questions.question import Question
from playground.reasons.telling import maker, name_of

CALM = ("WaitForFirstConsumer",)  # what it waits for is as it should be


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    phase = dig(body, "status.phase", "Pending")
    if phase == "Bound" or is_deleting(body):
        return None
    name = key_of(body).name
    if phase == "Lost":
        words: Words = (f"Its volume {dig(body, 'spec.volumeName', '')} is gone, and what was on it.",)
        return answer(
            f"Why has {name} lost its volume?",
            [Link(words, lookup="PersistentVolumeClaim", tone="crash"), maker(evidence, resource, body)],
        )
    links = [*_waits(body, evidence), maker(evidence, resource, body)]
    return answer(f"Why is {name} Pending?", links, _sizes(body, evidence), urgent=links[1].lookup not in CALM)


def _waits(body: Body, evidence: Evidence) -> list[Link]:
    class_ = dig(body, "spec.storageClassName")
    asked = dig(body, "spec.resources.requests.storage", "storage")
    said = _said(body, evidence)
    first = Link(
        (f"No volume is bound to it{': ' + said['message'] if said else ''}.".replace("..", "."),),
        at=parse(_when(said)) if said else 0,
        lookup="PersistentVolumeClaim",
        tone="pending",
    )
    if class_ is None:
        words: Words = ("It names no StorageClass, and none is the default.",)
        return [first, Link(words, lookup="StorageClass", field="spec.storageClassName")]
    if class_ == "":
        words = (f"Its class is empty: only a volume of at least {asked} that somebody made by hand suits it.",)
        return [first, Link(words, lookup="PersistentVolumeClaim", field="spec.storageClassName")]
    storage = evidence.get("storageclasses", "", class_)
    if storage is None:
        there = [one["metadata"]["name"] for one in evidence.list("storageclasses")]
        words = ("There is no StorageClass ", Code(class_), f"; there is {', '.join(there)}." if there else ".")
        return [first, Link(words, lookup="StorageClass", tone="crash", field="spec.storageClassName")]
    if storage.get("volumeBindingMode") == "WaitForFirstConsumer":
        return [first, *_consumer(body, evidence)]
    if str(storage.get("provisioner", "")).endswith("no-provisioner"):
        words = (
            "The class ",
            name_of("storageclasses", storage),
            " makes no volumes: somebody has to make one by hand.",
        )
        return [first, Link(words, lookup="StorageClass", field="provisioner")]
    return [
        first,
        Link(
            (
                "The class ",
                name_of("storageclasses", storage),
                " has its volumes made by ",
                Code(str(storage.get("provisioner", ""))),
                ", and that has made none: does it run here?",
            ),
            lookup="StorageClass",
            field="provisioner",
        ),
    ]


def _consumer(body: Body, evidence: Evidence) -> list[Link]:
    users = [
        pod
        for pod in evidence.list("pods", key_of(body).namespace)
        if any(dig(one, "persistentVolumeClaim.claimName") == key_of(body).name for one in dig(pod, "spec.volumes", ()))
    ]
    told = Link(
        ("Its class waits until a pod that uses it has a node: this is no error.",),
        lookup="WaitForFirstConsumer",
        field="volumeBindingMode",
    )
    if not users:
        return [told, Link(("No pod uses it yet.",), lookup="PersistentVolumeClaim")]
    pod = users[0]
    state = (
        "has no node yet"
        if not dig(pod, "spec.nodeName")
        else f"is on {pod['spec']['nodeName']}: the volume is being made"
    )
    return [told, Link((name_of("pods", pod), f" {state}."), lookup="Scheduler")]


def _said(body: Body, evidence: Evidence) -> Body | None:
    return max(evidence.events(body["metadata"]["uid"]), key=_when, default=None)


def _when(event: Body) -> str:
    return str(event.get("lastTimestamp") or event["metadata"]["creationTimestamp"])


def _sizes(body: Body, evidence: Evidence) -> Figures:
    """What is free, against what is asked for."""
    asked = dig(body, "spec.resources.requests.storage", "0")
    free = [one for one in evidence.list("persistentvolumes") if dig(one, "status.phase") == "Available"]
    rows: list[tuple[str, object, str]] = [
        ("asked for", f"{asked}, {', '.join(dig(body, 'spec.accessModes', ()))}", "")
    ]
    for pv in free[:4]:
        size = dig(pv, "spec.capacity.storage", "0")
        modes, class_ = ", ".join(dig(pv, "spec.accessModes", ())), dig(pv, "spec.storageClassName") or "none"
        fits = quantity(size) >= quantity(asked)
        rows.append((pv["metadata"]["name"], f"{size}, {modes}, class {class_}", "" if fits else "crash"))
    if not free:
        rows.append(("free", "no volume at all", "crash"))
    return figures("Volumes that are free", *rows)


CLAIM = Question("claim", ("persistentvolumeclaims",), ask)
