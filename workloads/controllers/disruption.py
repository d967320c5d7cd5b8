"""The disruption controller: how many pods of a budget may go now (Kubernetes: Pod Disruption Budgets)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, Key, controller_of, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.intorstring import scaled
from clusters.kinds.labelselector import shown
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.clock import MINUTE, Time, parse
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, is_true, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit, LookAgain, SetStatus, Write

DELETION_TIMEOUT = 2 * MINUTE  # so long a pod whose eviction was granted may still be there
Writes = Generator[Write, Body | Status | None, None]


class Expected(NamedTuple):
    """How many pods there should be, how many of them healthy; pods without a controller; why it cannot be known."""

    pods: int
    healthy: int
    unmanaged: Sequence[Body] = ()
    failure: str = ""


def budgets(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """Those about the pod as it is and as it was."""
    found: dict[Key, None] = {}
    for pod in (new, old):
        for budget in view.list("poddisruptionbudgets", key_of(pod).namespace) if pod else ():
            if pod and matches(budget["spec"].get("selector"), labels_of(pod)):
                found[key_of(budget)] = None
    return found


def all_there(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A workload was scaled: all budgets of its namespace look again."""
    if new and old and dig(new, "spec.replicas") == dig(old, "spec.replicas"):
        return ()
    body = new or old
    return [key_of(one) for one in view.list("poddisruptionbudgets", key_of(body).namespace)] if body else ()


CONTROLLER = Controller(
    "disruption-controller",
    primary="poddisruptionbudgets",
    watches={
        "pods": budgets,
        **dict.fromkeys(("deployments", "replicasets", "replicationcontrollers", "statefulsets"), all_there),
    },
    source="controllermanager",
)


def reconcile(key: Key, view: View) -> Writes:
    """Count and write down."""
    budget = view.get("poddisruptionbudgets", key)
    if budget is None or is_deleting(budget):
        return
    selector = budget["spec"].get("selector")
    pods = [pod for pod in view.list("pods", key.namespace) if matches(selector, labels_of(pod))]
    expected = _expected(budget, pods, view)
    disrupted, overdue = _disrupted(budget, pods, view.now)
    status = _status(budget, pods, expected, disrupted, view.now)
    if status != (budget.get("status") or {}):
        yield from _said(budget, pods, expected)
        yield SetStatus("poddisruptionbudgets", budget, status)
    for pod in overdue:
        told = f"Pod was expected by PDB {key} to be deleted but it wasn't"
        yield Emit(pod, "Warning", "NotDeleted", told, because=budget)
    if disrupted:
        yield LookAgain(min(parse(stamp) for stamp in disrupted.values()) + DELETION_TIMEOUT)


def _expected(budget: Body, pods: Sequence[Body], view: View) -> Expected:
    spec = budget["spec"]
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if most is None and not isinstance(least, str):
        return Expected(len(pods), least or 0)
    total, unmanaged, failure = _scale(pods, view)
    if failure:
        return Expected(0, 0, (), failure)
    if most is not None:
        return Expected(total, max(total - scaled(most, total), 0), unmanaged)
    assert least is not None
    return Expected(total, scaled(least, total), unmanaged)


def _scale(pods: Sequence[Body], view: View) -> tuple[int, Sequence[Body], str]:
    """What the controllers of these pods want in all: their spec, not what happens to run."""
    wanted: dict[str, int] = {}
    unmanaged: list[Body] = []
    for pod in pods:
        owner = controller_of(pod)
        if owner is None:
            unmanaged.append(pod)
            continue
        if owner["uid"] in wanted:
            continue
        found = _scalable(owner, key_of(pod).namespace, view)
        if isinstance(found, str):
            return 0, (), found
        if found is not None:
            wanted[owner["uid"]] = 0  # what stands above it is counted once
            wanted[uid_of(found)] = found["spec"].get("replicas", 1)
    return sum(wanted.values()), unmanaged, ""


def _scalable(owner: Body, namespace: str, view: View) -> Body | str | None:
    """The object whose scale counts, a Deployment rather than its ReplicaSet; a sentence where it has none."""
    kind = next((one for one in view.kinds.values() if (one.api_version, one.kind) == _type(owner)), None)
    if kind is None or "scale" not in kind.subresources:
        resource = kind.resource if kind else owner["kind"].lower() + "s"
        return f"{resource} does not implement the scale subresource"
    body = view.get(kind.plural, Key(namespace, owner["name"]))
    if body is None or uid_of(body) != owner["uid"]:
        return None
    above = controller_of(body)
    return (_scalable(above, namespace, view) if above and above["kind"] == "Deployment" else body) or body


def _type(reference: Body) -> tuple[str, str]:
    return reference["apiVersion"], reference["kind"]


def _disrupted(budget: Body, pods: Sequence[Body], now: Time) -> tuple[Mapping[str, str], Sequence[Body]]:
    """Pods whose eviction was granted and that are not yet asked to go; and those that should have gone by now."""
    granted: Mapping[str, str] = dig(budget, "status.disruptedPods") or {}
    left: dict[str, str] = {}
    overdue: list[Body] = []
    for pod in pods:
        stamp = granted.get(pod["metadata"]["name"])
        if stamp is None or is_deleting(pod):
            continue
        if parse(stamp) + DELETION_TIMEOUT <= now:
            overdue.append(pod)
        else:
            left[pod["metadata"]["name"]] = stamp
    return left, overdue


def _status(budget: Body, pods: Sequence[Body], expected: Expected, disrupted: Mapping[str, str], now: Time) -> Body:
    healthy = sum(_is_healthy(pod) for pod in pods if pod["metadata"]["name"] not in disrupted)
    allowed = max(healthy - expected.healthy, 0) if expected.pods > 0 and not expected.failure else 0
    known = budget.get("status") or {}
    if expected.failure:
        counts = {name: known.get(name) or 0 for name in ("currentHealthy", "desiredHealthy", "expectedPods")}
    else:
        counts = {"currentHealthy": healthy, "desiredHealthy": expected.healthy, "expectedPods": expected.pods}
    condition: Body = {"type": "DisruptionAllowed", "status": "True" if allowed else "False"}
    reason = "SyncFailed" if expected.failure else "SufficientPods" if allowed else "InsufficientPods"
    generation = budget["metadata"].get("generation") or 0
    condition |= {"reason": reason, "message": expected.failure, "observedGeneration": generation}
    status = {
        "disruptionsAllowed": allowed,
        **counts,
        "observedGeneration": known.get("observedGeneration") or 0 if expected.failure else generation,
        "conditions": with_condition(conditions_of(budget), condition, now),
    }
    return {**status, "disruptedPods": dict(disrupted)} if disrupted else status


def _is_healthy(pod: Body) -> bool:
    return not is_deleting(pod) and is_true(pod, "Ready")


def _said(budget: Body, pods: Sequence[Body], expected: Expected) -> Iterable[Emit]:
    if expected.failure:
        told = f"Failed to calculate the number of expected pods: {expected.failure}"
        yield Emit(budget, "Warning", "CalculateExpectedPodCountFailed", told)
    elif not pods:
        yield Emit(budget, "Normal", "NoPods", "No matching pods found")
    elif expected.unmanaged:
        selector = shown(budget["spec"].get("selector"))
        told = f"Pods selected by this PodDisruptionBudget (selector: {selector}) were found to be unmanaged. "
        told += "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined "
        told += (
            'behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
        )
        yield Emit(budget, "Warning", "UnmanagedPods", told)
