"""What a LimitRange gives to pods unasked, and what it refuses of pods and claims (Kubernetes: LimitRanger)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusters.admission.resource import resource_of
from clusters.admission.serviceaccount import MIRROR
from clusters.admission.step import Step
from clusters.kinds.body import Body, annotations_of, dig, put
from clusters.kinds.podsums import summed
from clusters.kinds.problem import Status
from clusters.kinds.quantity import parse
from clusters.reconcile.view import View

ANNOTATION = "kubernetes.io/limit-ranger"
Amounts = Mapping[str, str]


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """The pod with the namespace's defaults, or all that is wrong with it; a claim only judged."""
    assert new is not None
    namespace = new["metadata"].get("namespace") or ""
    ranges = view.list("limitranges", namespace)
    if not ranges or MIRROR in annotations_of(new):
        return new
    if new["kind"] == "PersistentVolumeClaim":
        told = [wrong for item in _items(ranges, new["kind"]) for wrong in _claim(item, new)]
        return _refused(new, told, view) if told else new
    if old is not None:
        return new
    pod = new
    for one in ranges:
        pod = _with_defaults(pod, one)
    told = [wrong for one in ranges for item in one["spec"].get("limits") or () for wrong in _pod(item, pod)]
    return _refused(new, told, view) if told else pod


def _items(ranges: Sequence[Body], type_: str) -> Iterator[Body]:
    for one in ranges:
        yield from (item for item in one["spec"].get("limits") or () if item["type"] == type_)


def _refused(new: Body, told: Sequence[str], view: View) -> Status:
    why = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    return Status.forbidden(resource_of(new, view), new["metadata"]["name"], why)


# what is given


def _with_defaults(pod: Body, limits: Body) -> Body:
    default: dict[str, str] = {}
    request: dict[str, str] = {}
    for item in _items((limits,), "Container"):
        default.update(item.get("default") or {})
        request.update(item.get("defaultRequest") or {})
    said: list[str] = []
    spec = dict(pod["spec"])
    for group, word in (("containers", "container"), ("initContainers", "init container")):
        if spec.get(group):
            spec[group] = [_completed(container, default, request, word, said) for container in spec[group]]
    if not said:
        return pod
    annotations = {**annotations_of(pod), ANNOTATION: f"LimitRanger plugin set: {'; '.join(said)}"}
    return put({**pod, "spec": spec}, "metadata.annotations", annotations)


def _completed(container: Body, default: Amounts, request: Amounts, word: str, said: list[str]) -> Body:
    resources = dict(container.get("resources") or {})
    for field, amounts in (("requests", request), ("limits", default)):
        stated: Amounts = resources.get(field) or {}
        missing = {name: amount for name, amount in amounts.items() if name not in stated}
        if missing:
            resources[field] = {**stated, **missing}
            said.append(f"{', '.join(sorted(missing))} {field[:-1]} for {word} {container['name']}")
    return {**container, "resources": resources}


# what is refused


def _pod(item: Body, pod: Body) -> Iterator[str]:
    if item["type"] == "Container":
        for container in (*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ())):
            resources = container.get("resources") or {}
            yield from _judged(item, resources.get("requests") or {}, resources.get("limits") or {})
    elif item["type"] == "Pod":
        yield from _judged(item, summed(pod["spec"], "requests"), summed(pod["spec"], "limits"))


def _claim(item: Body, claim: Body) -> Iterator[str]:
    requests: Amounts = dig(claim, "spec.resources.requests") or {}
    type_ = item["type"]
    for name, least in sorted((item.get("min") or {}).items()):
        yield from _least(name, type_, least, requests, {})
    for name, most in sorted((item.get("max") or {}).items()):
        told = f"maximum {name} usage per {type_} is {most}"
        if name not in requests:
            yield f"{told}.  No request is specified"
        elif parse(requests[name]) > parse(most):
            yield f"{told}, but request is {requests[name]}"


def _judged(item: Body, requests: Amounts, limits: Amounts) -> Iterator[str]:
    type_ = item["type"]
    for name, least in sorted((item.get("min") or {}).items()):
        yield from _least(name, type_, least, requests, limits)
    for name, most in sorted((item.get("max") or {}).items()):
        yield from _most(name, type_, most, requests, limits)
    for name, ratio in sorted((item.get("maxLimitRequestRatio") or {}).items()):
        yield from _ratio(name, type_, ratio, requests, limits)


def _least(name: str, type_: str, least: str, requests: Amounts, limits: Amounts) -> Iterator[str]:
    told = f"minimum {name} usage per {type_} is {least}"
    if name not in requests:
        yield f"{told}.  No request is specified"
    elif parse(requests[name]) < parse(least):
        yield f"{told}, but request is {requests[name]}"
    elif name in limits and parse(limits[name]) < parse(least):
        yield f"{told}, but limit is {limits[name]}"


def _most(name: str, type_: str, most: str, requests: Amounts, limits: Amounts) -> Iterator[str]:
    told = f"maximum {name} usage per {type_} is {most}"
    if name not in limits:
        yield f"{told}.  No limit is specified"
    elif parse(limits[name]) > parse(most):
        yield f"{told}, but limit is {limits[name]}"
    elif name in requests and parse(requests[name]) > parse(most):
        yield f"{told}, but request is {requests[name]}"


def _ratio(name: str, type_: str, most: str, requests: Amounts, limits: Amounts) -> Iterator[str]:
    told = f"{name} max limit to request ratio per {type_} is {most}"
    if name not in requests or not parse(requests[name]):
        yield f"{told}, but no request is specified or request is 0"
    elif name not in limits or not parse(limits[name]):
        yield f"{told}, but no limit is specified or limit is 0"
    elif parse(limits[name]) / parse(requests[name]) > parse(most):
        yield f"{told}, but provided ratio is {float(parse(limits[name]) / parse(requests[name])):f}"


STEP = Step("LimitRanger", ("pods", "persistentvolumeclaims"), ("CREATE", "UPDATE"), admit)
