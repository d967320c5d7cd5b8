"""Why is the image not pulled? (Kubernetes: Images, ImagePullBackOff)"""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.author import author
from playground.reasons.questions.containers import field_of, next_try, statuses_of, turned
from playground.reasons.questions.question import Question
from playground.reasons.spelling import spelt
from playground.reasons.telling import fault_link
from playground.timeline.line import Name
from workloads.images import Missing, find, nearest
from workloads.images.entries import catalogue
from workloads.images.reference import parse as reference
from workloads.images.reference import short

SHOWN = 4  # tags that are told
REASONS = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    status = next((one for one in statuses_of(body) if dig(one, "state.waiting.reason") in REASONS), None)
    if status is None or dig(body, "metadata.deletionTimestamp"):
        return None
    image, node = wanted(body, status["name"]), Name("nodes", "", dig(body, "spec.nodeName", ""))
    seen = turned(
        evidence, body, lambda pod: any(dig(one, "state.waiting.reason") in REASONS for one in statuses_of(pod))
    )
    field = f"{field_of(body, status['name'])}.image"
    first = Link(
        ("The kubelet of ", node, " cannot pull ", Code(image), f" for {status['name']}."),
        seen.revision if seen else 0,
        seen.at if seen else 0,
        "ImagePullBackOff",
        "crash",
        field=field,
    )
    links = [first, *_nearest(image, str(dig(status, "state.waiting.reason")), field)]
    blamed = culprit(evidence, "pull", seen.at if seen else evidence.now, node.name, body, seen=seen)
    good = not isinstance(find(image), Missing)
    links.append(fault_link(evidence, blamed) if blamed and good else author(body, evidence))
    return answer(f"Why is the image of {status['name']} not pulled?", links, next_try(body, status["name"], evidence))


def wanted(body: Body, container: str) -> str:
    groups = ("initContainers", "containers", "ephemeralContainers")
    specs = [one for group in groups for one in dig(body, f"spec.{group}", ()) if one["name"] == container]
    return str(specs[0].get("image", "")) if specs else ""


def _nearest(image: str, reason: str, field: str) -> list[Link]:
    if reason == "InvalidImageName":
        return [Link((Code(image), " is not the name of an image."), lookup="Image", field=field)]
    if reason == "ErrImageNeverPull":
        words: Words = ("It is not on the machine, and the policy is ", Code("imagePullPolicy: Never"), ".")
        return [Link(words, lookup="Image", field=f"{field}PullPolicy")]
    if not isinstance(find(image), Missing):
        return [Link(("The registry has it, but could not be reached.",), lookup="Image", tone="crash")]
    asked, near = reference(image), nearest(image)
    family = catalogue().get(asked.repository)
    if family is None:
        words = ("The registry has no repository ", Code(short(asked.repository)))
        there: Words = (".",)
    else:
        words = (f"The registry has {short(asked.repository)}, but not with the tag ", Code(asked.tag))
        there = (f"; there are {', '.join([tag for tag in family if tag][:SHOWN])}.",)
    if near:
        typed = image if ":" in image else f"{image}:latest"
        there = ("; the nearest that exists is ", spelt(near, typed, gaps=False), ".")
    return [Link((*words, *there), lookup="Image", tone="crash", field=field)]


PULL = Question("pull", ("pods",), ask)
