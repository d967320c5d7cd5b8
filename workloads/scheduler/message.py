"""Why a pod fits nowhere, word for word as kube-scheduler says it (framework: FitError)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from workloads.scheduler.framework import Refusal

NO_NODES = "no nodes available to schedule pods"
NO_CLAIMS = "no new claims to deallocate"  # DynamicResources is asked before preemption is


def refused(refusals: Mapping[str, Refusal], nodes: int, *, none: Refusal | None = None, skipped: str = "") -> str:
    """What the filters say. `none`: a no to all at once; `skipped`: why those not in `refusals` were not asked."""
    if not nodes:
        return NO_NODES
    if none is not None:
        return f"0/{nodes} nodes are available: {', '.join(none.reasons)}."
    absent = [skipped] * (nodes - len(refusals)) if skipped else []
    return unfit([*(reason for refusal in refusals.values() for reason in refusal.reasons), *absent], nodes)


def unfit(reasons: Iterable[str], nodes: int) -> str:
    """The reasons with their numbers, in the order of the text."""
    counted = sorted(f"{count} {reason}" for reason, count in Counter(reasons).items())
    return f"0/{nodes} nodes are available: {', '.join(counted)}."


def told(filters: str, remedies: Sequence[str]) -> str:
    """The message of condition and event alike."""
    return f"{filters} {', '.join(remedies)}" if remedies else filters
