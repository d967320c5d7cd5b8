"""One pod of a template on every node, or on every node of a sort (Kubernetes: DaemonSet)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of, dig, put
from clusters.kinds.kind import Column, Kind
from clusters.kinds.labelselector import shown_labels
from clusters.kinds.metadata import number_problem
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.number import whole_number
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from workloads.kinds.amount import amount_problems, is_nothing, share_problems
from workloads.kinds.template import WIDE, fill_in_template, selector_and_template_problems

HISTORY = 10
ROLLING, ON_DELETE = "RollingUpdate", "OnDelete"
# counts the template's versions; its pods carry it as a label, as they did before there were ControllerRevisions
GENERATION = "deprecated.daemonset.template.generation"
# always written, even when they are zero
COUNTS = ("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")


def fill_in(ds: Body) -> None:
    spec = ds.setdefault("spec", {})
    if spec.get("revisionHistoryLimit") is None:
        spec["revisionHistoryLimit"] = HISTORY
    strategy = spec["updateStrategy"] = spec.get("updateStrategy") or {}
    strategy["type"] = strategy.get("type") or ROLLING
    if strategy["type"] == ROLLING:
        rolling = strategy["rollingUpdate"] = strategy.get("rollingUpdate") or {}
        for name, value in (("maxUnavailable", 1), ("maxSurge", 0)):
            if rolling.get(name) is None:
                rolling[name] = value
    fill_in_template(spec)
    if is_new(ds):
        ds["status"] = dict.fromkeys(COUNTS, 0)
        ds["metadata"]["annotations"] = {**(ds["metadata"].get("annotations") or {}), GENERATION: "1"}


def keep(new: Body, old: Body) -> Body:
    """The status stays, and the template's versions are counted by the API server alone."""
    before = whole_number(annotations_of(old).get(GENERATION, "")) or 1
    counted = before + (new["spec"]["template"] != old["spec"]["template"])
    annotated = {**annotations_of(new), GENERATION: str(counted)}
    return put(keep_status(new, old), "metadata.annotations", annotated)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from selector_and_template_problems(spec, old["spec"] if old else None, kind="daemonset", maker="DaemonSet")
    yield from number_problem(spec.get("minReadySeconds"), "spec.minReadySeconds")
    yield from _strategy(spec["updateStrategy"])
    yield from number_problem(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")


def word(ds: Body) -> str:
    """`2/3`: how many of the nodes that shall have one have one that is ready."""
    return f"{dig(ds, 'status.numberReady', 0)}/{dig(ds, 'status.desiredNumberScheduled', 0)}"


def _strategy(strategy: Body) -> Iterator[FieldError]:
    if strategy["type"] == ROLLING:
        yield from _rolling(strategy["rollingUpdate"], "spec.updateStrategy.rollingUpdate")
    elif strategy["type"] != ON_DELETE:
        yield FieldError.unsupported("spec.updateStrategy", strategy, (ON_DELETE, ROLLING))


def _rolling(rolling: Body, path: str) -> Iterator[FieldError]:
    """Either a node is without for a moment, or it has two: never both."""
    for judge in (amount_problems, share_problems):
        for name in ("maxUnavailable", "maxSurge"):
            yield from judge(rolling[name], f"{path}.{name}")
    lacks, surges = not is_nothing(rolling["maxUnavailable"]), not is_nothing(rolling["maxSurge"])
    if lacks and surges:
        detail = "may not be set when maxUnavailable is non-zero"
        yield FieldError.invalid(f"{path}.maxSurge", rolling["maxSurge"], detail)
    elif not lacks and not surges:
        yield FieldError.required(f"{path}.maxUnavailable", "cannot be 0 when maxSurge is 0")


def _count(name: str) -> Column:
    titles = {
        "desiredNumberScheduled": "Desired",
        "currentNumberScheduled": "Current",
        "numberReady": "Ready",
        "updatedNumberScheduled": "Up-to-date",
        "numberAvailable": "Available",
    }
    return Column(titles[name], lambda ds, _: dig(ds, f"status.{name}", 0), type="integer")


DAEMONSET = Kind(
    "apps/v1",
    "DaemonSet",
    "daemonsets",
    short=("ds",),
    categories=("all",),
    subresources=("status",),
    columns=framed(
        _count("desiredNumberScheduled"),
        _count("currentNumberScheduled"),
        _count("numberReady"),
        _count("updatedNumberScheduled"),
        _count("numberAvailable"),
        Column("Node Selector", lambda ds, _: shown_labels(dig(ds, "spec.template.spec.nodeSelector"))),
        *WIDE,
    ),
    defaults=fill_in,
    protect=keep,
    validate=problems,
    word=word,
    generation=True,
)
