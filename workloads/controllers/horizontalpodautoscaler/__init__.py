"""The autoscaler: every so often as many replicas as the metrics ask for (Kubernetes: HorizontalPodAutoscaler)."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from clusters.kinds.body import Body, Key, is_deleting, key_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, LookAgain, SetStatus, Update, Write
from workloads.controllers.horizontalpodautoscaler.behaviour import (
    HIGHER,
    LOWER,
    MATCHES,
    Told,
    kept_changes,
    kept_sizes,
    limited,
    stabilized,
    window,
)
from workloads.controllers.horizontalpodautoscaler.measuring import Asked, Failure, asked
from workloads.controllers.horizontalpodautoscaler.target import Scaled, target

CONTROLLER = Controller("horizontal-pod-autoscaler", primary="horizontalpodautoscalers")
GOT = ("SucceededGetScale", "the HPA controller was able to get the target's current scale")
DISABLED = ("ScalingDisabled", "scaling is disabled since the replica count of the target is zero")
ABOVE = "Current number of replicas above Spec.MaxReplicas"
BELOW = "Current number of replicas below Spec.MinReplicas"
Writes = Generator[Write, Body | Status | None, None]


class Look:
    """One look at an HPA: its status as it shall be, and what it remembers."""

    def __init__(self, hpa: Body, view: View) -> None:
        self.hpa, self.view = hpa, view
        self.status: Body = dict(hpa.get("status") or {})
        self.memory = view.get("recommendations", key_of(hpa)) or _blank(hpa)

    def say(self, type_: str, is_true: bool, told: Told) -> None:
        """A condition."""
        said = {"type": type_, "status": str(is_true), "reason": told[0], "message": told[1]}
        conditions = self.status.get("conditions") or conditions_of(self.hpa)
        self.status["conditions"] = with_condition(conditions, said, self.view.now)


def reconcile(key: Key, view: View) -> Writes:
    """Measure, decide, scale, report; then again after the sync period."""
    hpa = view.get("horizontalpodautoscalers", key)
    if hpa is None or is_deleting(hpa):
        left = view.get("recommendations", key)
        if left is not None and hpa is None:
            yield Delete("recommendations", left)
        return
    period = view.timings.autoscaler_sync
    begun = view.get("recommendations", key)
    if begun is None or begun["looked"] + period <= view.now:
        yield from _look(Look(hpa, view))
        yield LookAgain(view.now + period)
    else:
        yield LookAgain(begun["looked"] + period)


def _look(look: Look) -> Writes:
    scaled = target(look.hpa, look.view)
    if isinstance(scaled, str):
        yield Emit(look.hpa, "Warning", "FailedGetScale", scaled)
        message = f"the HPA controller was unable to get the target's current scale: {scaled}"
        look.say("AbleToScale", False, ("FailedGetScale", message))
    else:
        look.say("AbleToScale", True, GOT)
        yield from _decide(look, scaled)
    if look.status != (look.hpa.get("status") or {}):
        yield SetStatus("horizontalpodautoscalers", look.hpa, look.status)
    yield from _remember(look)


def _decide(look: Look, scaled: Scaled) -> Writes:
    hpa, current = look.hpa, scaled.wanted
    least, most = hpa["spec"]["minReplicas"], hpa["spec"]["maxReplicas"]
    reason, desired = "", current
    if current == 0:
        look.say("ScalingActive", False, DISABLED)
    elif current > most:
        reason, desired = ABOVE, most
    elif current < least:
        reason, desired = BELOW, least
    else:
        found = yield from _measured(look, scaled)
        if found is None:
            look.status.update(currentReplicas=scaled.has)
            return
        reason, desired = _held_back(look, found, current)
    look.status.update(currentReplicas=scaled.has, desiredReplicas=desired)
    if desired != current:
        yield from _scale(look, scaled, desired, reason)


def _measured(look: Look, scaled: Scaled) -> Generator[Write, Body | Status | None, Asked | None]:
    """The metric that asks for most; None when nothing can be said."""
    metrics, pods = look.hpa["spec"]["metrics"], scaled.pods(look.view)
    found = [asked(metric, pods, scaled.wanted, look.view) for metric in metrics]
    fine = [one for one in found if isinstance(one, Asked)]
    failed = [one for one in found if isinstance(one, Failure)]
    look.status["currentMetrics"] = [one.status for one in fine] or None
    for one in failed:
        yield Emit(look.hpa, "Warning", one.reason, one.cause)
    best = max(fine, key=lambda one: one.replicas, default=None)
    if failed and (best is None or best.replicas < scaled.wanted):
        first = failed[0]
        many = f"invalid metrics ({len(failed)} invalid out of {len(metrics)}), first error is: {first.message}"
        yield Emit(look.hpa, "Warning", "FailedComputeMetricsReplicas", many)
        why = (first.reason, f"the HPA was unable to compute the replica count: {first.cause}")
        look.say("ScalingActive", False, why)
        return None
    assert best is not None
    told = "the HPA was able to successfully calculate a replica count from " + best.name
    look.say("ScalingActive", True, ("ValidMetricFound", told))
    return best


def _held_back(look: Look, best: Asked, current: int) -> tuple[str, int]:
    """(why, how many) after the stabilization windows and the policies."""
    hpa, now, memory = look.hpa, look.view.now, look.memory
    up, down = window(hpa, "scaleUp", 0), window(hpa, "scaleDown", look.view.timings.autoscaler_downscale)
    recent = [(at, size) for at, size in memory["recent"]] or [(now, current)]
    steady = stabilized(current, best.replicas, recent, now, up, down)
    held = MATCHES if steady == best.replicas else LOWER if steady < best.replicas else HIGHER
    look.say("AbleToScale", True, held)
    if recent[-1][1] != best.replicas:
        recent.append((now, best.replicas))
    look.memory = {**memory, "recent": [list(one) for one in kept_sizes(recent, now, max(up, down))]}
    scaled = kept_changes([(at, change) for at, change in memory["scaled"]], now)
    desired, was_limited, told = limited(hpa, current, steady, scaled, now)
    look.say("ScalingLimited", was_limited, told)
    reason = f"{best.name} above target" if desired > current else "All metrics below target"
    return reason, desired


def _scale(look: Look, scaled: Scaled, desired: int, reason: str) -> Writes:
    hpa, before = look.hpa, scaled.wanted
    why = f"{reason}: {before} became {desired}."
    answer = yield Update(scaled.resource, put(scaled.body, "spec.replicas", desired), because=hpa, why=why)
    if isinstance(answer, Status):
        said = f"New size: {desired}; reason: {reason}; error: {answer.message}"
        yield Emit(hpa, "Warning", "FailedRescale", said)
        message = f"the HPA controller was unable to update the target scale: {answer.message}"
        look.say("AbleToScale", False, ("FailedUpdateScale", message))
        look.status["desiredReplicas"] = before
        return
    yield Emit(hpa, "Normal", "SuccessfulRescale", f"New size: {desired}; reason: {reason}")
    message = f"the HPA controller was able to update the target scale to {desired}"
    look.say("AbleToScale", True, ("SucceededRescale", message))
    look.status["lastScaleTime"] = rfc3339(look.view.now)
    scaled_before = kept_changes([(at, change) for at, change in look.memory["scaled"]], look.view.now)
    look.memory = {**look.memory, "scaled": [*map(list, scaled_before), [look.view.now, desired - before]]}


def _remember(look: Look) -> Iterator[Write]:
    memory = {**look.memory, "looked": look.view.now}
    if "uid" in memory["metadata"]:
        yield Update("recommendations", memory)
    else:
        yield Create("recommendations", memory, because=look.hpa)


def _blank(hpa: Body) -> Body:
    key = key_of(hpa)
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Recommendations",
        "metadata": {"namespace": key.namespace, "name": key.name},
        "recent": [],
        "scaled": [],
    }
