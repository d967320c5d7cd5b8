"""How many replicas a metric asks for (podautoscaler: replica_calculator)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from clusters.kinds.body import Body, dig, is_deleting
from clusters.kinds.quantity import parse
from clusters.reconcile.clock import Time
from clusters.reconcile.clock import parse as moment
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.timings import Timings
from clusters.reconcile.view import View

TOLERANCE = Fraction(1, 10)  # --horizontal-pod-autoscaler-tolerance
NO_METRICS = "unable to get metrics for resource {}: no metrics returned from resource metrics API"
NOT_READY = "did not receive metrics for targeted pods (pods might be unready)"


@dataclass(frozen=True, slots=True)
class Failure:
    """A metric that could not be had: the reason of its Event, which value is lacking, and why."""

    reason: str
    value: str
    cause: str

    @property
    def message(self) -> str:
        return f"failed to get {self.value}: {self.cause}"


@dataclass(frozen=True, slots=True)
class Asked:
    """So many replicas, by this metric: what it is called in sentences, and the status it leaves."""

    replicas: int
    name: str
    status: Body


@dataclass(slots=True)
class Pods:
    """The pods behind a target by how far their numbers count; amounts in thousandths of the unit."""

    measured: dict[str, int]
    unready: list[str]
    missing: list[str]
    requests: dict[str, int]

    @property
    def ready(self) -> int:
        return len(self.measured)


def asked(metric: Body, pods: Sequence[Body], current: int, view: View) -> Asked | Failure:
    """What one metric of the spec asks for when `current` replicas are wanted now."""
    if metric["type"] not in ("Resource", "ContainerResource"):
        return _not_served(metric)
    field = "resource" if metric["type"] == "Resource" else "containerResource"
    source = metric[field]
    name, container = source["name"], source.get("container") or ""
    by_share = source["target"].get("averageUtilization") is not None
    found = _measure(pods, name, container, view)
    if by_share and not isinstance(found, str):
        found = _lacking(pods, name, container) or found
    if isinstance(found, str):
        value = f"{name} {'container ' if container else ''}resource metric value"
        cause = f"failed to get {name} {'utilization' if by_share else 'usage'}: {found}"
        return Failure(f"FailedGet{metric['type']}Metric", value, cause)
    return (_by_share if by_share else _by_value)(source, field, metric["type"], found, current)


def _not_served(metric: Body) -> Failure:
    api = "external.metrics.k8s.io" if metric["type"] == "External" else "custom.metrics.k8s.io"
    kind = "external" if metric["type"] == "External" else "custom"
    cause = f"unable to fetch metrics from {kind} metrics API: no {kind} metrics API ({api}) registered"
    return Failure(f"FailedGet{metric['type']}Metric", f"{metric['type'].lower()} metric value", cause)


def _by_share(source: Body, field: str, type_: str, pods: Pods, current: int) -> Asked:
    name, wanted = source["name"], source["target"]["averageUtilization"]
    replicas, share = _replicas(pods, Fraction(wanted, 100), current, pods.requests)
    average = sum(pods.measured.values()) // pods.ready
    has = {"averageUtilization": share, "averageValue": shown(average, name)}
    said = f"{name} {'container ' if type_ != 'Resource' else ''}resource utilization (percentage of request)"
    return Asked(replicas, said, _status(source, field, type_, has))


def _by_value(source: Body, field: str, type_: str, pods: Pods, current: int) -> Asked:
    name = source["name"]
    wanted = ceil(parse(source["target"]["averageValue"]) * 1000)
    units = dict.fromkeys([*pods.measured, *pods.unready, *pods.missing], wanted)
    replicas, _ = _replicas(pods, Fraction(1), current, units)
    average = sum(pods.measured.values()) // pods.ready
    said = f"{name} {'container ' if type_ != 'Resource' else ''}resource"
    return Asked(replicas, said, _status(source, field, type_, {"averageValue": shown(average, name)}))


def _status(source: Body, field: str, type_: str, has: Body) -> Body:
    container = {"container": source["container"]} if source.get("container") else {}
    return {"type": type_, field: {"name": source["name"], **container, "current": has}}


def shown(amount: int, name: str) -> str:
    """Thousandths as a quantity: `250m` of CPU, plain bytes of memory."""
    return f"{amount}m" if name == "cpu" and amount % 1000 else str(amount // 1000)


def _replicas(pods: Pods, target: Fraction, current: int, units: Mapping[str, int]) -> tuple[int, int]:
    """(replicas, percent of the unit used). Pods without a number never add to the change that the others ask for."""
    numbers = dict(pods.measured)
    ratio = _ratio(numbers, units, target)
    percent = floor(ratio * target * 100)
    growing = bool(pods.unready) and ratio > 1
    if not growing and not pods.missing:
        return (current if abs(1 - ratio) <= TOLERANCE else ceil(ratio * pods.ready)), percent
    if ratio < 1:
        numbers |= {pod: ceil(units[pod] * max(target, Fraction(1))) for pod in pods.missing}
    elif ratio > 1:
        numbers |= dict.fromkeys(pods.missing, 0)
    if growing:
        numbers |= dict.fromkeys(pods.unready, 0)
    again = _ratio(numbers, units, target)
    if abs(1 - again) <= TOLERANCE or (ratio < 1 < again) or (again < 1 < ratio):
        return current, percent
    replicas = ceil(again * len(numbers))
    if (again < 1 and replicas > current) or (again > 1 and replicas < current):
        return current, percent
    return replicas, percent


def _ratio(numbers: Mapping[str, int], units: Mapping[str, int], target: Fraction) -> Fraction:
    whole = sum(units[pod] for pod in numbers)
    return Fraction(sum(numbers.values()), whole) / target if whole else Fraction(1)


def _measure(pods: Sequence[Body], name: str, container: str, view: View) -> Pods | str:
    found = Pods({}, [], [], {})
    for pod in pods:
        if is_deleting(pod) or dig(pod, "status.phase") in ("Failed", "Succeeded"):
            continue
        key = pod["metadata"]["name"]
        found.requests[key] = _requested(pod, name, container)
        amount = _used(pod, name, container, view)
        if dig(pod, "status.phase") == "Pending":
            found.unready.append(key)
        elif amount is None:
            found.missing.append(key)
        elif name == "cpu" and _is_starting(pod, view.now, view.timings):
            found.unready.append(key)
        else:
            found.measured[key] = amount
    if not found.measured:
        return NOT_READY if found.unready else NO_METRICS.format(name)
    return found


def _used(pod: Body, name: str, container: str, view: View) -> int | None:
    used = view.kernel.metrics.pod(view, pod)
    if used is None or (container and container not in used):
        return None
    chosen = [used[container]] if container else list(used.values())
    if name == "cpu":
        return sum(one.cpu for one in chosen) // 1_000_000
    return sum(one.memory for one in chosen) * 1000 if name == "memory" else None


def _is_starting(pod: Body, now: Time, timings: Timings) -> bool:
    """CPU used on starting says nothing about the load."""
    ready, begun = condition_of(pod, "Ready"), dig(pod, "status.startTime")
    if ready is None or not begun:
        return True
    if now < moment(begun) + timings.autoscaler_initialization:
        return bool(ready["status"] != "True")
    late = moment(begun) + timings.autoscaler_readiness
    return ready["status"] != "True" and moment(ready["lastTransitionTime"]) < late


def _requested(pod: Body, name: str, container: str) -> int:
    """Thousandths of the unit, of all its containers or of one."""
    specs = [one for one in _counted(pod) if container in ("", one["name"])]
    return sum(ceil(parse(dig(one, "resources.requests", {}).get(name, 0)) * 1000) for one in specs)


def _lacking(pods: Sequence[Body], name: str, container: str) -> str:
    for pod in pods:
        for one in _counted(pod):
            if container in ("", one["name"]) and dig(one, "resources.requests", {}).get(name) is None:
                return f"missing request for {name} in container {one['name']} of Pod {pod['metadata']['name']}"
    return ""


def _counted(pod: Body) -> Sequence[Body]:
    """The containers, and the init containers that go on beside them."""
    sidecars = [one for one in pod["spec"].get("initContainers") or () if one.get("restartPolicy") == "Always"]
    return [*pod["spec"]["containers"], *sidecars]
