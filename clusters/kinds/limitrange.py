"""What one pod, container or claim may ask for, and what it gets unasked (Kubernetes: Limit Ranges)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.kinds.body import Body
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import qualified, subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import NotAQuantity, canonical, parse

TYPES = ("Container", "PersistentVolumeClaim", "Pod")
AMOUNTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
# (what must be at most, what; both as the message calls them; whose path is blamed)
ORDER = (
    ("min", "min", "max", "max", "min"),
    ("min", "min", "defaultRequest", "default request", "defaultRequest"),
    ("defaultRequest", "default request", "max", "max", "defaultRequest"),
    ("defaultRequest", "default request", "default", "default limit", "defaultRequest"),
    ("min", "min", "default", "default", "default"),
    ("default", "default", "max", "max", "default"),
)


def fill_in(limits: Body) -> None:
    spec = limits["spec"] = limits.get("spec") or {}
    for item in spec.get("limits") or ():
        for name in AMOUNTS:
            _tidy(item.get(name) or {})
        if item.get("type") == "Container":
            _complete(item)


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    seen: list[str] = []
    for index, item in enumerate(new["spec"].get("limits") or ()):
        path = f"spec.limits[{index}]"
        type_ = item.get("type") or ""
        if type_ not in TYPES and "/" not in type_:
            yield FieldError.invalid(f"{path}.type", type_, "must be a standard limit type or fully qualified")
        if type_ in seen:
            yield FieldError.duplicate(f"{path}.type", type_)
        seen.append(type_)
        yield from _item(item, type_, path)


def _complete(item: Body) -> None:
    """What is not said follows: the most is the usual limit, the usual limit the usual request, else the least."""
    default = {**(item.get("max") or {}), **(item.get("default") or {})}
    request = {**(item.get("min") or {}), **default, **(item.get("defaultRequest") or {})}
    if default:
        item["default"] = default
    if request:
        item["defaultRequest"] = request


def _tidy(amounts: dict[str, str]) -> None:
    for name, amount in amounts.items():
        try:
            amounts[name] = canonical(amount)
        except NotAQuantity:
            continue


def _item(item: Body, type_: str, path: str) -> Iterator[FieldError]:
    if type_ == "Pod":
        for name in ("default", "defaultRequest"):
            if item.get(name):
                yield FieldError.forbidden(f"{path}.{name}", "may not be specified when `type` is 'Pod'")
    if type_ == "PersistentVolumeClaim" and not any("storage" in (item.get(name) or {}) for name in ("min", "max")):
        told = "either minimum or maximum storage value is required, but neither was provided"
        yield FieldError.required(f"{path}.limits", told)
    wrong = list(_amounts(item, path))
    yield from wrong
    if not wrong:
        names = dict.fromkeys(resource for name in AMOUNTS for resource in item.get(name) or {})
        for resource in names:
            yield from _order(item, resource, path)


def _amounts(item: Body, path: str) -> Iterator[FieldError]:
    for name in AMOUNTS:
        amounts: Mapping[str, str] = item.get(name) or {}
        for resource, amount in amounts.items():
            at = f"{path}.{name}[{resource}]"
            for wrong in qualified(resource):
                yield FieldError.invalid(at, resource, wrong)
            try:
                if parse(amount) < 0:
                    yield FieldError.invalid(at, amount, "must be greater than or equal to 0")
            except NotAQuantity as wrong:
                yield FieldError.invalid(at, amount, str(wrong))


def _order(item: Body, resource: str, path: str) -> Iterator[FieldError]:
    stated = {name: item[name][resource] for name in AMOUNTS if resource in (item.get(name) or {})}
    for low, low_told, high, high_told, blamed in ORDER:
        if low in stated and high in stated and parse(stated[low]) > parse(stated[high]):
            told = f"{low_told} value {stated[low]} is greater than {high_told} value {stated[high]}"
            yield FieldError.invalid(f"{path}.{blamed}[{resource}]", stated[blamed], told)
    ratio = stated.get("maxLimitRequestRatio")
    if ratio is None:
        return
    at = f"{path}.maxLimitRequestRatio[{resource}]"
    if parse(ratio) < 1:
        yield FieldError.invalid(at, ratio, f"ratio {ratio} is less than 1")
    if "min" in stated and "max" in stated and parse(stated["min"]) > 0:
        most = parse(stated["max"]) / parse(stated["min"])
        if parse(ratio) > most:
            yield FieldError.invalid(at, ratio, f"ratio {ratio} is greater than max/min = {float(most):f}")


LIMITRANGE = Kind(
    "v1",
    "LimitRange",
    "limitranges",
    short=("limits",),
    columns=(Column("Name", "metadata.name"), Column("Created At", "metadata.creationTimestamp")),
    defaults=fill_in,
    validate=problems,
)
