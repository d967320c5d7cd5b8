"""How many pods of a set may be missing on purpose at a time (Kubernetes: Pod Disruption Budgets)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.intorstring import amount_problems
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.metadata import selector_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status

POLICIES = ("AlwaysAllow", "IfHealthyBudget")
COUNTS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")


def fill_in(budget: Body) -> None:
    budget.setdefault("spec", {})
    if is_new(budget):
        budget["status"] = dict.fromkeys(COUNTS, 0)


def problems(new: Body, _: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is not None and most is not None:
        yield FieldError.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")
    for name, amount in (("minAvailable", least), ("maxUnavailable", most)):
        yield from amount_problems(amount, f"spec.{name}")
    if spec.get("selector"):
        yield from selector_problems(spec["selector"], "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in POLICIES:
        yield FieldError.unsupported("spec.unhealthyPodEvictionPolicy", policy, POLICIES)


def word(budget: Body) -> str:
    """How many may go now."""
    return str(dig(budget, "status.disruptionsAllowed", 0))


def _stated(name: str) -> Column:
    title = {"minAvailable": "Min Available", "maxUnavailable": "Max Unavailable"}[name]
    return Column(title, lambda budget, _: str(dig(budget, f"spec.{name}", "N/A")))


PODDISRUPTIONBUDGET = Kind(
    "policy/v1",
    "PodDisruptionBudget",
    "poddisruptionbudgets",
    short=("pdb",),
    subresources=("status",),
    columns=framed(
        _stated("minAvailable"),
        _stated("maxUnavailable"),
        Column("Allowed Disruptions", lambda budget, _: dig(budget, "status.disruptionsAllowed", 0), type="integer"),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    generation=True,
)
