"""Why is this Service without endpoints? The selector's nearest miss, no ready pod, a wrong targetPort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clusters.kinds.body import Body, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.selectors import matches_labels
from playground.reasons.answer import Answer, Code, Figures, Link, Spelt, Words, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.config import CONFIG
from playground.reasons.questions.containers import is_well
from playground.reasons.questions.crashing import CRASHING
from playground.reasons.questions.notready import NOT_READY
from playground.reasons.questions.pending import PENDING
from playground.reasons.questions.pull import PULL
from playground.reasons.questions.question import Question
from playground.reasons.questions.starting import STARTING
from playground.reasons.questions.targetport import wrong_port
from playground.reasons.spelling import likeness, spelt
from playground.reasons.telling import fault_link, link, maker, name_of, story

OWNER = "kubernetes.io/service-name"
SICK = (PENDING, PULL, CONFIG, CRASHING, STARTING, NOT_READY)
NEAR = 0.5  # how like two labels must be to be called a miss


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    key, selector = key_of(body), dig(body, "spec.selector", {})
    if dig(body, "spec.type") == "ExternalName" or key.name == "kubernetes":
        return None
    ready = [one for one in _endpoints(body, evidence) if dig(one, "conditions.ready", True) is not False]
    if ready:
        return wrong_port(body, ready, evidence) or _some(body, len(ready), evidence)
    question = f"Why is {key.name} without endpoints?"
    if not selector:
        words: Words = ("It has no selector: somebody has to write its EndpointSlices by hand.",)
        return answer(
            question, [Link(words, lookup="Selector", field="spec.selector"), maker(evidence, "services", body)]
        )
    there = evidence.list("pods", key.namespace)
    pods = [pod for pod in there if matches_labels(selector, labels_of(pod))]
    if not pods:
        if gone := _lost(body, selector, evidence):
            return answer(question, [_nobody(selector), *gone])
        near = nearest(selector, there)
        return answer(question, _miss(body, selector, near, evidence), _letters(selector, near))
    return answer(question, _none_ready(body, pods, evidence))


def _some(body: Body, ready: int, evidence: Evidence) -> Answer | None:
    """Some of its pods answer, and the others do not."""
    name, selector = key_of(body).name, dig(body, "spec.selector", {})
    if not selector:
        return None
    there = evidence.list("pods", key_of(body).namespace)
    mine = [one for one in there if matches_labels(selector, labels_of(one)) and not is_deleting(one)]
    left = [one for one in mine if not is_well(one) and dig(one, "status.phase") not in ("Succeeded", "Failed")]
    for pod in left:
        found = next((one for question in SICK if (one := question.ask("pods", pod, evidence))), None)
        if found:
            told = f"{ready} of {len(mine)} pods that it selects get{'s' * (ready == 1)} requests."
            first = Link((told,), lookup="Endpoints", tone="notready")
            symptom, *more = found.links
            told_of = replace(symptom, words=(name_of("pods", pod), ": ", *symptom.words))
            question = f"Why {'does' if ready == 1 else 'do'} only {ready} of {len(mine)} pods of {name} get requests?"
            return answer(question, [first, told_of, *more], urgent=False)
    return None


def _endpoints(body: Body, evidence: Evidence) -> list[Body]:
    key = key_of(body)
    mine = [one for one in evidence.list("endpointslices", key.namespace) if labels_of(one).get(OWNER) == key.name]
    return [one for slice_ in mine for one in slice_.get("endpoints") or ()]


def _nobody(selector: Mapping[str, str]) -> Link:
    asked = ",".join(f"{name}={value}" for name, value in selector.items())
    words: Words = ("It selects ", Code(asked), ", and no pod of this namespace has these labels.")
    return Link(words, lookup="Selector", tone="crash", field="spec.selector")


def _miss(body: Body, selector: Mapping[str, str], near: Body | None, evidence: Evidence) -> list[Link]:
    links = [_nobody(selector)]
    if near is not None:
        links.append(
            Link(
                ("The nearest is ", name_of("pods", near), " with ", *labels_near(selector, near)),
                lookup="Selector",
                field="metadata.labels",
            )
        )
    changed = _since(body, evidence)
    if changed is not None:
        return [*links, link(evidence, changed, "Service")]
    return [*links, maker(evidence, "services", body)]


def nearest(selector: Mapping[str, str], pods: Sequence[Body]) -> Body | None:
    """The pod whose labels are most like what is selected; None where none is like it at all."""

    def like(labels: Mapping[str, str]) -> float:
        return sum(
            max((_alike(name, value, *one) for one in labels.items()), default=0.0) for name, value in selector.items()
        ) / len(selector)

    # pods of one template have the same labels: each set of them is compared once
    by_labels: dict[tuple[tuple[str, str], ...], Body] = {}
    for pod in sorted(pods, key=lambda pod: pod["metadata"]["name"]):
        by_labels.setdefault(tuple(labels_of(pod).items()), pod)
    best = max(by_labels.values(), key=lambda pod: like(labels_of(pod)), default=None)
    return best if best is not None and like(labels_of(best)) >= NEAR else None


def _alike(name: str, value: str, other: str, its: str) -> float:
    return likeness(value, its) if name == other else likeness(f"{name}={value}", f"{other}={its}")


def labels_near(selector: Mapping[str, str], pod: Body) -> Words:
    """The pod's label for each that is selected, with the differing letters marked."""
    words: list[str | Spelt] = []
    for name, value in selector.items():
        best = max(labels_of(pod).items(), key=lambda one: _alike(name, value, *one), default=None)
        if best is not None:
            words += [", "] if words else []
            words.append(spelt(f"{best[0]}={best[1]}", f"{name}={value}"))
    return (*words, ".")


def _letters(selector: Mapping[str, str], near: Body | None) -> Figures | None:
    if near is None:
        return None
    wanted = ",".join(f"{name}={value}" for name, value in selector.items())
    return figures(
        "Letter for letter",
        ("the Service selects", Code(wanted)),
        (near["metadata"]["name"], labels_near(selector, near)[:-1]),
    )


def _since(body: Body, evidence: Evidence) -> Moment | None:
    """The write of the selector, when it was changed after the Service was made."""
    story, was = evidence.story(uid_of(body)), None
    for moment in story:
        now = dig(moment.body, "spec.selector", {})
        if was is not None and now != was:
            return moment
        was = now
    return None


def _lost(body: Body, selector: Mapping[str, str], evidence: Evidence) -> list[Link]:
    """Owners whose pods it would select, and that have none: who scaled them to nothing?"""
    for plural in ("deployments", "statefulsets", "replicasets"):
        for owner in evidence.list(plural, key_of(body).namespace):
            labels = dig(owner, "spec.template.metadata.labels", {})
            if not matches_labels(selector, labels):
                continue
            said = evidence.story(uid_of(owner))
            zero = next((one for one in reversed(said) if dig(one.body, "spec.replicas") == 0), None)
            if dig(owner, "spec.replicas") == 0:
                first = Link(
                    (f"{owner['kind']} ", name_of(plural, owner), " is scaled to 0 pods."),
                    lookup=owner["kind"],
                    field="spec.replicas",
                )
                first_zero = next((one for one in said if dig(one.body, "spec.replicas") == 0), zero)
                return [first, *(story(evidence, first_zero) if first_zero else [])]
            down = culprit(evidence, "unhealed", evidence.now, anywhere=True)
            if down:
                return [
                    Link(
                        (f"{owner['kind']} ", name_of(plural, owner), " should have pods, and nobody makes them."),
                        lookup="Controller",
                    ),
                    fault_link(evidence, down),
                ]
    return []


def _none_ready(body: Body, pods: Sequence[Body], evidence: Evidence) -> list[Link]:
    many = f"{len(pods)} pod{'s' * (len(pods) != 1)}"
    first = Link((f"It selects {many}, and none of them is ready.",), lookup="Endpoints", tone="notready")
    for pod in pods:
        for question in SICK:
            found = question.ask("pods", pod, evidence)
            if found is not None:
                return [
                    first,
                    Link(("First of them: ", name_of("pods", pod), "."), lookup="Pod"),
                    *found.links[:1],
                    *found.links[1:][-2:],
                ]
    down = culprit(evidence, "unhealed", evidence.now, anywhere=True)
    return [first, fault_link(evidence, down) if down else maker(evidence, "pods", pods[0])]


ENDPOINTS = Question("endpoints", ("services",), ask)
