"""How much a Namespace may hold in all (Kubernetes: Resource Quotas)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import qualified, subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import NotAQuantity, canonical, parse
from clusters.kinds.status import is_new, keep_status

COMPUTE = ("cpu", "memory", "ephemeral-storage")
COUNTED = (
    "configmaps",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
)
STANDARD = (
    *COMPUTE,
    *(f"{kind}.{name}" for kind in ("requests", "limits") for name in COMPUTE),
    "requests.storage",
    *COUNTED,
)
PREFIXES = ("requests.", "limits.", "count/", "hugepages-")
BEST_EFFORT, PRIORITY_CLASS = "BestEffort", "PriorityClass"
OF_PODS = ("Terminating", "NotTerminating", "NotBestEffort", PRIORITY_CLASS, "CrossNamespacePodAffinity")
SCOPES = (*OF_PODS, BEST_EFFORT, "VolumeAttributesClass")
OPPOSED = ((BEST_EFFORT, "NotBestEffort"), ("Terminating", "NotTerminating"))
ONLY_EXISTS = (
    "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, "
    "ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
)
OPERATORS = ("DoesNotExist", "Exists", "In", "NotIn")


def fill_in(quota: Body) -> None:
    spec = quota["spec"] = quota.get("spec") or {}
    hard = spec.get("hard") or {}
    for name, amount in hard.items():
        try:
            hard[name] = canonical(amount)
        except NotAQuantity:
            continue
    if is_new(quota):
        quota["status"] = {}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    for name, amount in (spec.get("hard") or {}).items():
        yield from _limit(name, amount, f"spec.hard[{name}]")
    scopes = spec.get("scopes") or ()
    yield from _scopes(scopes, spec, "spec.scopes")
    yield from _selector(spec, "spec.scopeSelector")
    if old is not None and sorted(old["spec"].get("scopes") or ()) != sorted(scopes):
        yield FieldError.immutable("spec.scopes", list(scopes))


def is_counted_whole(name: str) -> bool:
    """Whether it is counted in pieces."""
    return name in COUNTED or name.startswith("count/")


def requests(quota: Body, _: int) -> str:
    """`pods: 1/4, requests.cpu: 500m/1`: used of hard."""
    return _shares(quota, lambda name: not name.startswith("limits."))


def limits(quota: Body, _: int) -> str:
    return _shares(quota, lambda name: name.startswith("limits."))


def word(_: Body) -> str:
    return ""


def _shares(quota: Body, wanted: object) -> str:
    hard: Mapping[str, str] = dig(quota, "status.hard") or {}
    used: Mapping[str, str] = dig(quota, "status.used") or {}
    assert callable(wanted)
    return ", ".join(f"{name}: {used.get(name, '0')}/{hard[name]}" for name in sorted(hard) if wanted(name))


def _limit(name: str, amount: str, path: str) -> Iterator[FieldError]:
    for wrong in qualified(name.removeprefix("count/")):
        yield FieldError.invalid(path, name, wrong)
    if "/" not in name and name not in STANDARD and not name.startswith(PREFIXES):
        yield FieldError.invalid(path, name, "must be a standard resource for quota")
    try:
        value = parse(amount)
    except NotAQuantity as wrong:
        yield FieldError.invalid(path, amount, str(wrong))
        return
    if value < 0:
        yield FieldError.invalid(path, amount, "must be greater than or equal to 0")
    if is_counted_whole(name) and value.denominator != 1:
        yield FieldError.invalid(path, amount, "must be an integer")


def _scopes(scopes: Sequence[str], spec: Body, path: str) -> Iterator[FieldError]:
    for scope in scopes:
        if scope not in SCOPES:
            yield FieldError.invalid(path, list(scopes), "unsupported scope")
            continue
        if any(not _fits(scope, name) for name in spec.get("hard") or ()):
            yield FieldError.invalid(path, list(scopes), "unsupported scope applied to resource")
    if any(one in scopes and other in scopes for one, other in OPPOSED):
        yield FieldError.invalid(path, list(scopes), "conflicting scopes")


def _fits(scope: str, name: str) -> bool:
    """Scopes choose pods: with one, only what pods use can be limited."""
    if scope == BEST_EFFORT:
        return name in ("pods", "count/pods")
    if scope == "VolumeAttributesClass":
        return name in ("persistentvolumeclaims", "requests.storage")
    plain = name.removeprefix("requests.").removeprefix("limits.")
    prefixed = name.startswith(("requests.", "limits.")) and plain != "storage"
    return prefixed or plain in (*COMPUTE, "pods", "count/pods")


def _selector(spec: Body, path: str) -> Iterator[FieldError]:
    rules = dig(spec, "scopeSelector.matchExpressions") or ()
    path = f"{path}.matchExpressions"
    names = [rule.get("scopeName") or "" for rule in rules]
    yield from _scopes(names, spec, f"{path}.scopeName")
    for rule in rules:
        name, operator, values = rule.get("scopeName"), rule.get("operator"), rule.get("values") or ()
        if operator not in OPERATORS:
            yield FieldError.invalid(f"{path}.operator", operator or "", "not a valid selector operator")
        elif name != PRIORITY_CLASS and name in SCOPES and operator != "Exists":
            yield FieldError.invalid(f"{path}.operator", operator, ONLY_EXISTS)
        elif operator in ("In", "NotIn") and not values:
            told = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
            yield FieldError.required(f"{path}.values", told)
        elif operator in ("Exists", "DoesNotExist") and values:
            told = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
            yield FieldError.invalid(f"{path}.values", list(values), told)


RESOURCEQUOTA = Kind(
    "v1",
    "ResourceQuota",
    "resourcequotas",
    short=("quota",),
    subresources=("status",),
    columns=framed(Column("Request", requests), Column("Limit", limits)),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
)
