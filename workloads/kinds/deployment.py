"""A template that can be rolled out and back (Kubernetes: Deployments)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from workloads.kinds.amount import amount_problems, is_nothing, share_problems
from workloads.kinds.template import WIDE, fill_in_template, selector_and_template_problems

PROGRESS_SECONDS, HISTORY = 600, 10


def fill_in(deployment: Body) -> None:
    spec = deployment.setdefault("spec", {})
    for name, value in (
        ("replicas", 1),
        ("revisionHistoryLimit", HISTORY),
        ("progressDeadlineSeconds", PROGRESS_SECONDS),
    ):
        if spec.get(name) is None:
            spec[name] = value
    strategy = spec["strategy"] = spec.get("strategy") or {}
    strategy["type"] = strategy.get("type") or "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        rolling = strategy["rollingUpdate"] = strategy.get("rollingUpdate") or {}
        for name in ("maxUnavailable", "maxSurge"):
            if rolling.get(name) is None:
                rolling[name] = "25%"
    fill_in_template(spec)
    if is_new(deployment):
        deployment["status"] = {}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from number_problem(spec["replicas"], "spec.replicas")
    yield from selector_and_template_problems(spec, old["spec"] if old else None)
    yield from _strategy(spec["strategy"])
    yield from number_problem(spec.get("minReadySeconds"), "spec.minReadySeconds")
    yield from number_problem(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
    deadline = spec["progressDeadlineSeconds"]
    yield from number_problem(deadline, "spec.progressDeadlineSeconds")
    if deadline <= (spec.get("minReadySeconds") or 0):
        yield FieldError.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def word(deployment: Body) -> str:
    """`2/3`: how many of the wanted are ready."""
    return f"{dig(deployment, 'status.readyReplicas', 0)}/{deployment['spec'].get('replicas', 1)}"


def _strategy(strategy: Body) -> Iterator[FieldError]:
    kind, rolling = strategy["type"], strategy.get("rollingUpdate")
    if kind == "Recreate":
        if rolling:
            detail = "may not be specified when strategy `type` is 'Recreate'"
            yield FieldError.forbidden("spec.strategy.rollingUpdate", detail)
    elif kind == "RollingUpdate":
        yield from _rolling(rolling or {}, "spec.strategy.rollingUpdate")
    else:
        yield FieldError.unsupported("spec.strategy.type", kind, ("Recreate", "RollingUpdate"))


def _rolling(rolling: Body, path: str) -> Iterator[FieldError]:
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    yield from amount_problems(unavailable, f"{path}.maxUnavailable")
    yield from amount_problems(surge, f"{path}.maxSurge")
    if is_nothing(unavailable) and is_nothing(surge):
        yield FieldError.invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")
    yield from share_problems(unavailable, f"{path}.maxUnavailable")


DEPLOYMENT = Kind(
    "apps/v1",
    "Deployment",
    "deployments",
    short=("deploy",),
    categories=("all",),
    subresources=("status", "scale"),
    columns=framed(
        Column("Ready", lambda deployment, _: word(deployment)),
        Column("Up-to-date", lambda deployment, _: dig(deployment, "status.updatedReplicas", 0)),
        Column("Available", lambda deployment, _: dig(deployment, "status.availableReplicas", 0)),
        *WIDE,
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    generation=True,
)
