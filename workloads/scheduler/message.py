"""Why a pod fits nowhere, word for word as kube-scheduler says it (framework: FitError)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from workloads.scheduler.framework import Refusal

NO_NODES = "no nodes available to schedule pods"
NOT_HELPFUL = "Preemption is not helpful for scheduling"
NO_CLAIMS = "no new claims to deallocate"  # DynamicResources is asked before preemption is
NO_VICTIMS = "No preemption victims found for incoming pod"


def refused(refusals: Sequence[Refusal], nodes: int) -> str:
    """The message of condition and event alike."""
    if not nodes:
        return NO_NODES
    told = _unfit((reason for refusal in refusals for reason in refusal.reasons), nodes)
    preemption = _unfit((NOT_HELPFUL if refusal.final else NO_VICTIMS for refusal in refusals), nodes)
    return f"{told} {NO_CLAIMS}, preemption: {preemption}"


def _unfit(reasons: Iterable[str], nodes: int) -> str:
    counted = sorted(f"{count} {reason}" for reason, count in Counter(reasons).items())
    return f"0/{nodes} nodes are available: {', '.join(counted)}."
