"""As many replicas as the load asks for (Kubernetes: HorizontalPodAutoscaler, autoscaling/v2)."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.kind import Column, Kind, Version
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import NotAQuantity, parse
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import Time

# type of a metric -> the field that says which
SOURCES = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}
UP_POLICIES = (
    {"type": "Pods", "value": 4, "periodSeconds": 15},
    {"type": "Percent", "value": 100, "periodSeconds": 15},
)
DOWN_POLICIES = ({"type": "Percent", "value": 100, "periodSeconds": 15},)
KEPT, KEPT_IN = ("metrics", "behavior"), "autoscaling.alpha.kubernetes.io/"
LONGEST_PERIOD, LONGEST_WINDOW = 1800, 3600


def fill_in(hpa: Body) -> None:
    spec = hpa.setdefault("spec", {})
    if spec.get("minReplicas") is None:
        spec["minReplicas"] = 1
    if not spec.get("metrics"):
        target = {"type": "Utilization", "averageUtilization": 80}
        spec["metrics"] = [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]
    if spec.get("behavior"):
        spec["behavior"] = {**spec["behavior"]}
        for direction, policies in (("scaleUp", UP_POLICIES), ("scaleDown", DOWN_POLICIES)):
            rules = spec["behavior"].get(direction)
            if rules:
                spec["behavior"][direction] = _rules(rules, direction == "scaleUp", policies)
    if is_new(hpa):
        hpa["status"] = {"desiredReplicas": 0, "currentMetrics": None}


def _rules(rules: Body, is_up: bool, policies: tuple[Body, ...]) -> Body:
    filled = {"selectPolicy": "Max", **({"stabilizationWindowSeconds": 0} if is_up else {})}
    filled |= {name: value for name, value in rules.items() if value is not None}
    if not filled.get("policies"):
        filled["policies"] = [dict(policy) for policy in policies]
    return filled


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    least, most = spec["minReplicas"], spec.get("maxReplicas") or 0
    if least < 1:
        yield FieldError.invalid("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield FieldError.invalid("spec.maxReplicas", most, "must be greater than 0")
    if most < least:
        yield FieldError.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    yield from _reference(spec.get("scaleTargetRef") or {}, "spec.scaleTargetRef")
    for number, metric in enumerate(spec["metrics"]):
        yield from _metric(metric, f"spec.metrics[{number}]")
    for direction in ("scaleUp", "scaleDown"):
        rules = dig(spec, f"behavior.{direction}")
        if rules:
            yield from _behavior(rules, f"spec.behavior.{direction}")


def _reference(reference: Body, path: str) -> Iterator[FieldError]:
    for name in ("kind", "name"):
        if not reference.get(name):
            yield FieldError.required(f"{path}.{name}")


def _metric(metric: Body, path: str) -> Iterator[FieldError]:
    type_ = metric.get("type") or ""
    field = SOURCES.get(type_)
    if field is None:
        yield FieldError.unsupported(f"{path}.type", type_, SOURCES)
        return
    source = metric.get(field)
    if source is None:
        yield FieldError.required(f"{path}.{field}", "must populate information for the given metric source")
        return
    for other in SOURCES.values():
        if other != field and metric.get(other) is not None:
            yield FieldError.forbidden(f"{path}.{other}", "must populate the given metric source only")
    if field in ("resource", "containerResource"):
        if not source.get("name"):
            yield FieldError.required(f"{path}.{field}.name", "must specify a resource name")
        if field == "containerResource" and not source.get("container"):
            yield FieldError.required(f"{path}.{field}.container", "must specify a container")
        yield from _resource_target(source.get("target") or {}, f"{path}.{field}.target")


def _resource_target(target: Body, path: str) -> Iterator[FieldError]:
    type_ = target.get("type") or ""
    if not type_:
        yield FieldError.required(f"{path}.type", "must specify a metric target type")
    elif type_ not in ("Utilization", "Value", "AverageValue"):
        wrong = "must be either Utilization, Value, or AverageValue"
        yield FieldError.invalid(f"{path}.type", type_, wrong)
    utilization, value = target.get("averageUtilization"), target.get("averageValue")
    if utilization is None and value is None:
        wrong = "must set either a target raw value or a target utilization"
        yield FieldError.required(f"{path}.averageUtilization", wrong)
    if utilization is not None and value is not None:
        wrong = "may not set both a target raw value and a target utilization"
        yield FieldError.forbidden(f"{path}.averageValue", wrong)
    if utilization is not None and utilization < 1:
        yield FieldError.invalid(f"{path}.averageUtilization", utilization, "must be greater than 0")
    if value is not None and not _is_positive(value):
        yield FieldError.invalid(f"{path}.averageValue", value, "must be positive")


def _is_positive(amount: str) -> bool:
    try:
        return parse(amount) > 0
    except NotAQuantity:
        return False


def _behavior(rules: Body, path: str) -> Iterator[FieldError]:
    window = rules.get("stabilizationWindowSeconds")
    if window is not None and not 0 <= window <= LONGEST_WINDOW:
        bound = "less than or equal to 3600" if window > 0 else "greater than or equal to zero"
        yield FieldError.invalid(f"{path}.stabilizationWindowSeconds", window, f"must be {bound}")
    if rules["selectPolicy"] not in ("Disabled", "Max", "Min"):
        yield FieldError.unsupported(f"{path}.selectPolicy", rules["selectPolicy"], ("Disabled", "Max", "Min"))
    for number, policy in enumerate(rules["policies"]):
        place = f"{path}.policies[{number}]"
        if policy.get("type") not in ("Pods", "Percent"):
            yield FieldError.unsupported(f"{place}.type", policy.get("type") or "", ("Percent", "Pods"))
        if (policy.get("value") or 0) <= 0:
            yield FieldError.invalid(f"{place}.value", policy.get("value") or 0, "must be greater than zero")
        period = policy.get("periodSeconds") or 0
        if not 0 < period <= LONGEST_PERIOD:
            bound = "less than or equal to 1800" if period > 0 else "greater than zero"
            yield FieldError.invalid(f"{place}.periodSeconds", period, f"must be {bound}")


def reference(hpa: Body, _: Time) -> str:
    """`Deployment/web`."""
    target = dig(hpa, "spec.scaleTargetRef") or {}
    return f"{target.get('kind') or ''}/{target.get('name') or ''}"


def targets(hpa: Body, _: Time) -> str:
    """`cpu: 45%/50%`, each metric beside what it should be."""
    current = dig(hpa, "status.currentMetrics") or []
    shown = [_target(metric, current, number) for number, metric in enumerate(hpa["spec"].get("metrics") or ())]
    more = f" + {len(shown) - 2} more..." if len(shown) > 2 else ""
    return ", ".join(shown[:2]) + more if shown else "<none>"


def _target(metric: Body, current: list[Body], number: int) -> str:
    field = SOURCES.get(metric.get("type", ""), "")
    source = metric.get(field) or {}
    has = dig(current[number], f"{field}.current") if len(current) > number else None
    wants = source.get("target") or {}
    name = source.get("name") or dig(source, "metric.name", "")
    if wants.get("averageUtilization") is not None:
        now = f"{has['averageUtilization']}%" if has and has.get("averageUtilization") is not None else "<unknown>"
        return f"{name}: {now}/{wants['averageUtilization']}%"
    now = (has or {}).get("averageValue") or (has or {}).get("value") or "<unknown>"
    return f"{name}: {now}/{wants.get('averageValue') or wants.get('value')}"


def up(old: Body) -> Body:
    """From autoscaling/v1, which knows one percentage of CPU alone; what it does not know is kept in annotations."""
    spec = {name: value for name, value in (old.get("spec") or {}).items() if name != "targetCPUUtilizationPercentage"}
    percent = (old.get("spec") or {}).get("targetCPUUtilizationPercentage")
    annotations = dict(annotations_of(old))
    for name in KEPT:
        if f"{KEPT_IN}{name}" in annotations:
            spec[name] = orjson.loads(annotations.pop(f"{KEPT_IN}{name}"))
    if percent is not None:
        target = {"type": "Utilization", "averageUtilization": percent}
        cpu = {"type": "Resource", "resource": {"name": "cpu", "target": target}}
        spec["metrics"] = [cpu, *(spec.get("metrics") or [])]
    body = {name: value for name, value in old.items() if name != "status"}
    metadata = {name: value for name, value in old["metadata"].items() if name != "annotations"}
    return {**body, "metadata": {**metadata, **({"annotations": annotations} if annotations else {})}, "spec": spec}


def down(hpa: Body) -> Body:
    """To autoscaling/v1."""
    spec = hpa["spec"]
    kept: Body = {"metrics": list(spec["metrics"]), "behavior": spec.get("behavior")}
    first = next((one for one in kept["metrics"] if _is_percent_of_cpu(one)), None)
    told = {name: spec[name] for name in ("maxReplicas", "minReplicas", "scaleTargetRef") if name in spec}
    if first:
        told["targetCPUUtilizationPercentage"] = first["resource"]["target"]["averageUtilization"]
        kept["metrics"] = [one for one in kept["metrics"] if one is not first]
    notes = {f"{KEPT_IN}{name}": orjson.dumps(value).decode() for name, value in kept.items() if value}
    annotations = {**annotations_of(hpa), **notes}
    metadata = {**hpa["metadata"], **({"annotations": annotations} if annotations else {})}
    return {**hpa, "metadata": metadata, "spec": told, "status": _old_status(hpa.get("status") or {})}


def _is_percent_of_cpu(metric: Body) -> bool:
    return dig(metric, "resource.name") == "cpu" and dig(metric, "resource.target.averageUtilization") is not None


def _old_status(status: Body) -> Body:
    names = ("observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas")
    told = {name: status[name] for name in names if status.get(name) is not None}
    current = status.get("currentMetrics") or []
    shares = [dig(one, "resource.current.averageUtilization") for one in current if dig(one, "resource.name") == "cpu"]
    used = {"currentCPUUtilizationPercentage": shares[0]} if shares and shares[0] is not None else {}
    return {"currentReplicas": 0, "desiredReplicas": 0, **told, **used}


HORIZONTALPODAUTOSCALER = Kind(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    short=("hpa",),
    categories=("all",),
    subresources=("status",),
    columns=framed(
        Column("Reference", reference),
        Column("Targets", targets),
        Column("MinPods", "spec.minReplicas"),
        Column("MaxPods", "spec.maxReplicas"),
        Column("Replicas", lambda hpa, _: dig(hpa, "status.currentReplicas", 0), type="integer"),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=lambda hpa: targets(hpa, 0),
    versions=(Version("autoscaling/v1", up, down),),
)
