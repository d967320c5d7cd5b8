"""Why is the image not pulled? (Kubernetes: Images, ImagePullBackOff)"""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from playground.reasons.answer import Answer, Code, Link, Spelt, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.containers import next_try, statuses_of, turned
from playground.reasons.questions.question import Question
from playground.reasons.spelling import likeness, spelt
from playground.reasons.telling import fault_link, maker
from playground.timeline.line import Name
from workloads.images import Missing, find
from workloads.images.entries import catalogue
from workloads.images.reference import parse as reference

LIKE, SHOWN = 0.6, 4  # how like two words must be to be called near; tags that are told
REASONS = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    status = next((one for one in statuses_of(body) if dig(one, "state.waiting.reason") in REASONS), None)
    if status is None or dig(body, "metadata.deletionTimestamp"):
        return None
    image, node = wanted(body, status["name"]), Name("nodes", "", dig(body, "spec.nodeName", ""))
    seen = turned(
        evidence, body, lambda pod: any(dig(one, "state.waiting.reason") in REASONS for one in statuses_of(pod))
    )
    message = str(dig(status, "state.waiting.message", "")).split("failed to resolve reference")[0]
    first = Link(
        ("The kubelet of ", node, " cannot pull ", Code(image), f" for {status['name']}."),
        seen.revision if seen else 0,
        seen.at if seen else 0,
        "ImagePullBackOff",
        "crash",
        field="spec.containers[].image",
    )
    links = [first, *_nearest(image, str(dig(status, "state.waiting.reason")), message)]
    blamed = culprit(evidence, "pull", seen.at if seen else evidence.now, node.name, body, seen=seen)
    good = not isinstance(find(image), Missing)
    links.append(fault_link(evidence, blamed) if blamed and good else maker(evidence, "pods", body))
    return answer(f"Why is the image of {status['name']} not pulled?", links, next_try(body, status["name"], evidence))


def wanted(body: Body, container: str) -> str:
    groups = ("initContainers", "containers", "ephemeralContainers")
    specs = [one for group in groups for one in dig(body, f"spec.{group}", ()) if one["name"] == container]
    return str(specs[0].get("image", "")) if specs else ""


def _nearest(image: str, reason: str, message: str) -> list[Link]:
    if reason == "InvalidImageName":
        return [Link((Code(image), " is not the name of an image."), lookup="Image", field="spec.containers[].image")]
    if reason == "ErrImageNeverPull":
        words: Words = ("It is not on the machine, and the policy is ", Code("imagePullPolicy: Never"), ".")
        return [Link(words, lookup="Image", field="spec.containers[].imagePullPolicy")]
    if not isinstance(find(image), Missing):
        return [Link(("The registry has it, but could not be reached.",), lookup="Image", tone="crash")]
    asked = reference(image)
    family = catalogue().get(asked.repository)
    if family is None:
        near = _closest(asked.repository.rsplit("/", 1)[-1], [one.rsplit("/", 1)[-1] for one in catalogue()])
        words = (
            "The registry has no repository ",
            Code(image.split(":", maxsplit=1)[0]),
            *(_meant(image.split(":", maxsplit=1)[0], near)),
        )
        return [Link(words, lookup="Image", tone="crash", field="spec.containers[].image")]
    tags = [tag for tag in family if tag]
    near = _closest(asked.tag, tags)
    there = _meant(asked.tag, near) if near else (f"; there are {', '.join(tags[:SHOWN])}.",)
    words = ("The registry has no tag ", Code(asked.tag), " of it", *there)
    return [Link(words, lookup="Image", tone="crash", field="spec.containers[].image")]


def _meant(typed: str, near: str) -> tuple[str | Spelt, ...]:
    return ("; the nearest that exists is ", spelt(near, typed, gaps=False), ".") if near else (".",)


def _closest(typed: str, there: list[str]) -> str:
    """The one that was meant; "" where none is like it."""
    likely = ((likeness(typed, one), one) for one in sorted(there))
    ratio, best = max(likely, key=lambda one: one[0], default=(0.0, ""))
    return best if ratio >= LIKE else ""


PULL = Question("pull", ("pods",), ask)
