"""DefaultPreemption: lesser pods go where that makes room for a more important one (Kubernetes: Pod Preemption)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clusters.kinds.body import Body, dig
from clusters.kinds.selectors import matches
from clusters.reconcile.conditions import condition_of
from workloads.scheduler.fitting import add, fits, remove
from workloads.scheduler.framework import Cycle, Filter, PostFilter, Refusal, Remedy, Victims
from workloads.scheduler.message import unfit
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

LEAST_CANDIDATES, SHARE_OF_CANDIDATES = 100, 10  # minCandidateNodesAbsolute, minCandidateNodesPercentage
NEVER = "not eligible due to preemptionPolicy=Never."
ON_THEIR_WAY = "not eligible due to a terminating pod on the nominated node."
NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
ALL_SUMS = 1 << 31  # added to each victim's priority, so that fewer victims are better even below zero


class DefaultPreemption(PostFilter):
    name = "DefaultPreemption"

    def postfilter(self, pod: PodInfo, refused: Mapping[str, Refusal], cycle: Cycle) -> Remedy:
        ineligible = _ineligible(pod, refused, cycle)
        if ineligible:
            return Remedy(f"preemption: {ineligible}")
        found, told = candidates(pod, refused, cycle)
        if not found:
            reasons = [*told.values(), *[NOT_HELPFUL] * (len(cycle.nodes) - len(told))]
            return Remedy(f"preemption: {unfit(reasons, len(cycle.nodes))}", nominated="")
        best = min(found, key=cost)
        return Remedy(nominated=best.node, victims=best, candidates=found)


def candidates(
    pod: PodInfo, refused: Mapping[str, Refusal], cycle: Cycle
) -> tuple[Sequence[Victims], Mapping[str, str]]:
    """The nodes that can be made free with those who would have to go, or for each node that was tried why not."""
    worth_it = [node for node in cycle.nodes if node.name in refused and not refused[node.name].final]
    budgets = cycle.view.list("poddisruptionbudgets") if cycle.view else ()
    enough = min(max(len(worth_it) * SHARE_OF_CANDIDATES // 100, LEAST_CANDIDATES), len(worth_it))
    found: list[Victims] = []
    told: dict[str, str] = {}
    for node in worth_it:
        answer = victims_on(node, pod, cycle, budgets)
        if isinstance(answer, Victims):
            found.append(answer)
            if len(found) >= enough and any(not one.violations for one in found):
                break
        else:
            told.update(dict.fromkeys([node.name], answer[0]))
    return found, told


def victims_on(node: NodeInfo, pod: PodInfo, cycle: Cycle, budgets: Sequence[Body]) -> Victims | Sequence[str]:
    """SelectVictimsOnNode: first all lesser pods go, then each that need not comes back, the important ones first."""
    lesser = sorted((other for other in node.pods.values() if other.priority < pod.priority), key=importance)
    if not lesser:
        return (NO_VICTIMS,)
    filters: Sequence[Filter] = cycle.facts["filters"]
    imagined = node.copy()
    for other in lesser:
        remove(pod, other, imagined, filters, cycle)
    refusal = fits(pod, imagined, filters, cycle)
    gone = list(lesser)
    violations = 0
    if refusal is None:
        protected, others = protected_by(budgets, lesser)
        for other in (*protected, *others):
            add(pod, other, imagined, filters, cycle)
            if fits(pod, imagined, filters, cycle) is None:
                gone.remove(other)
            else:
                remove(pod, other, imagined, filters, cycle)
                violations += other in protected
    for other in gone:  # what was imagined is taken back
        add(pod, other, imagined, filters, cycle)
    return refusal.reasons if refusal is not None else Victims(node.name, gone, violations)


def protected_by(budgets: Sequence[Body], pods: Sequence[PodInfo]) -> tuple[Sequence[PodInfo], Sequence[PodInfo]]:
    """Those whose going a PodDisruptionBudget does not allow, and the others (filterPodsWithPDBViolation)."""
    left = [dig(budget, "status.disruptionsAllowed") or 0 for budget in budgets]
    protected: list[PodInfo] = []
    for pod in pods:
        violates = False
        for index, budget in enumerate(budgets):
            if _guards(budget, pod):
                left[index] -= 1
                violates = violates or left[index] < 0
        if violates:
            protected.append(pod)
    return protected, [pod for pod in pods if pod not in protected]


def cost(victims: Victims) -> Any:
    """What is compared, in order: violated budgets, the highest priority, the sum, the number, how long they run."""
    highest = max((pod.priority for pod in victims.pods), default=-ALL_SUMS)
    oldest = min((started(pod) for pod in victims.pods if pod.priority == highest), default="")
    total = sum(pod.priority + ALL_SUMS for pod in victims.pods)
    return victims.violations, highest, total, len(victims.pods), _latest_first(oldest)


def importance(pod: PodInfo) -> Any:
    """The most important first; of equal ones the one that runs longer (MoreImportantPod)."""
    return -pod.priority, started(pod), pod.key


def started(pod: PodInfo) -> str:
    """RFC 3339 stamps sort as text; what has not started yet has started last."""
    return str((pod.body.get("status") or {}).get("startTime") or "9999")


def _latest_first(stamp: str) -> Sequence[int]:
    return [-ord(letter) for letter in stamp]


def _ineligible(pod: PodInfo, refused: Mapping[str, Refusal], cycle: Cycle) -> str:
    """PodEligibleToPreemptOthers: "" when it is."""
    if pod.spec.get("preemptionPolicy") == "Never":
        return NEVER
    mine = pod.nominated
    if not mine or (mine in refused and refused[mine].final):
        return ""
    node = next((one for one in cycle.nodes if one.name == mine), None)
    going = [other for other in node.pods.values() if other.priority < pod.priority] if node else []
    return ON_THEIR_WAY if any(map(_is_on_its_way, going)) else ""


def _is_on_its_way(pod: PodInfo) -> bool:
    said = condition_of(pod.body, "DisruptionTarget")
    return pod.is_going and said is not None and said["reason"] == "PreemptionByScheduler"


def _guards(budget: Body, pod: PodInfo) -> bool:
    selector = budget["spec"].get("selector")
    if budget["metadata"].get("namespace") != pod.key.namespace or not pod.labels or not selector:
        return False
    known = dig(budget, "status.disruptedPods") or {}
    return pod.key.name not in known and matches(selector, pod.labels)
