"""Pods with names and disks of their own that stay theirs (Kubernetes: StatefulSets)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import number_problem, selector_problems
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import label, subdomain
from clusters.kinds.persistentvolumeclaim import fill_in_spec as fill_in_claim
from clusters.kinds.problem import FieldError
from clusters.kinds.selectors import matches
from clusters.kinds.status import is_new, keep_status
from workloads.kinds.amount import amount_problems, is_nothing, share_problems
from workloads.kinds.template import WIDE, fill_in_template, label_problems_of, lifetime_problems

HISTORY = 10
ORDERED, PARALLEL = "OrderedReady", "Parallel"
ROLLING, ON_DELETE = "RollingUpdate", "OnDelete"
POLICIES = ("Retain", "Delete")
# what an update may change
FREE = (
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
)
FIXED = (
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
)


def fill_in(sts: Body) -> None:
    spec = sts.setdefault("spec", {})
    for name, value in (("replicas", 1), ("revisionHistoryLimit", HISTORY), ("podManagementPolicy", ORDERED)):
        if spec.get(name) is None:
            spec[name] = value
    _fill_in_strategy(spec)
    policy = spec["persistentVolumeClaimRetentionPolicy"] = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    for moment in ("whenDeleted", "whenScaled"):
        policy[moment] = policy.get(moment) or "Retain"
    fill_in_template(spec)
    for claim in spec.get("volumeClaimTemplates") or ():
        claim |= {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Pending"}}
        fill_in_claim(claim.setdefault("spec", {}))
    if is_new(sts):
        sts["status"] = {"replicas": 0, "availableReplicas": 0}


def _fill_in_strategy(spec: Body) -> None:
    strategy = spec["updateStrategy"] = spec.get("updateStrategy") or {}
    strategy["type"] = strategy.get("type") or ROLLING
    if strategy["type"] == ROLLING:
        rolling = strategy["rollingUpdate"] = strategy.get("rollingUpdate") or {}
        rolling["partition"] = rolling.get("partition") or 0


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    # a pod's hostname is made of it
    yield from metadata_problems(new, label if old is None else subdomain)
    spec = new["spec"]
    if spec["podManagementPolicy"] not in (ORDERED, PARALLEL):
        detail = f"must be '{ORDERED}' or '{PARALLEL}'"
        yield FieldError.invalid("spec.podManagementPolicy", spec["podManagementPolicy"], detail)
    yield from _strategy(spec["updateStrategy"])
    for moment, policy in spec["persistentVolumeClaimRetentionPolicy"].items():
        if policy not in POLICIES:
            yield FieldError.unsupported(f"spec.persistentVolumeClaimRetentionPolicy.{moment}", policy, POLICIES)
    for path in ("replicas", "minReadySeconds", "ordinals.start", "revisionHistoryLimit"):
        yield from number_problem(dig(spec, path), f"spec.{path}")
    yield from _selector_and_template(spec)
    if old is not None and _fixed(spec) != _fixed(old["spec"]):
        yield FieldError.forbidden("spec", FIXED)


def word(sts: Body) -> str:
    """`2/3`: how many of the wanted are ready."""
    return f"{dig(sts, 'status.readyReplicas', 0)}/{sts['spec'].get('replicas', 1)}"


def _strategy(strategy: Body) -> Iterator[FieldError]:
    kind, rolling, path = strategy["type"], strategy.get("rollingUpdate"), "spec.updateStrategy"
    if kind == ON_DELETE:
        if rolling:
            yield FieldError.invalid(f"{path}.rollingUpdate", rolling, f"only allowed for updateStrategy '{ROLLING}'")
    elif kind == ROLLING:
        at, unavailable = f"{path}.rollingUpdate", (rolling or {}).get("maxUnavailable")
        yield from number_problem((rolling or {}).get("partition"), f"{at}.partition")
        if unavailable is not None:
            yield from amount_problems(unavailable, f"{at}.maxUnavailable")
            if is_nothing(unavailable):
                yield FieldError.invalid(f"{at}.maxUnavailable", unavailable, "cannot be 0")
            yield from share_problems(unavailable, f"{at}.maxUnavailable")
    else:
        yield FieldError.invalid(path, strategy, f"must be '{ROLLING}' or '{ON_DELETE}'")


def _selector_and_template(spec: Body) -> Iterator[FieldError]:
    """The containers are not looked at here: what is wrong with them is said when the first pod is made."""
    selector, template = spec.get("selector"), spec["template"]
    if selector is None:
        yield FieldError.required("spec.selector")
    else:
        yield from selector_problems(selector, "spec.selector")
        if not selector.get("matchLabels") and not selector.get("matchExpressions"):
            yield FieldError.invalid("spec.selector", selector, "empty selector is invalid for statefulset")
    fits = not selector or matches(selector, template["metadata"].get("labels") or {})
    yield from label_problems_of(template, fits)
    yield from lifetime_problems(template["spec"], "StatefulSet")


def _fixed(spec: Body) -> Body:
    return {name: value for name, value in spec.items() if name not in FREE}


STATEFULSET = Kind(
    "apps/v1",
    "StatefulSet",
    "statefulsets",
    short=("sts",),
    categories=("all",),
    subresources=("status", "scale"),
    columns=framed(Column("Ready", lambda sts, _: word(sts)), *WIDE[:2]),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    generation=True,
)
