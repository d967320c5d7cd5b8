"""Whether a pod is ready, and ready for long enough (Kubernetes: podutil, IsPodAvailable)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of, is_true


def is_ready(pod: Body) -> bool:
    """Its Ready condition is True."""
    return is_true(pod, "Ready")


def phase(pod: Body) -> str:
    return str((pod.get("status") or {}).get("phase") or "")


def available_at(pod: Body, owner: Body) -> Time | None:
    """When a ready pod has been so for the owner's `minReadySeconds`; None: it is not ready."""
    ready = condition_of(pod, "Ready")
    if ready is None or ready["status"] != "True":
        return None
    wait = (owner["spec"].get("minReadySeconds") or 0) * SECOND
    return parse(ready["lastTransitionTime"]) + wait if wait else 0


def is_available(pod: Body, owner: Body, now: Time) -> bool:
    at = available_at(pod, owner)
    return at is not None and at <= now
