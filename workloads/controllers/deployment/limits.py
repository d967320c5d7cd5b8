"""How far a rolling update may go over and under the wanted number (deployment_util: ResolveFenceposts)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from workloads.kinds.amount import scaled


def wanted(deployment: Body) -> int:
    """`spec.replicas`."""
    return int(dig(deployment, "spec.replicas", 1) if "replicas" in deployment["spec"] else 1)


def is_rolling(deployment: Body) -> bool:
    return bool(dig(deployment, "spec.strategy.type", "RollingUpdate") == "RollingUpdate")


def max_surge(deployment: Body) -> int:
    """Pods above the wanted number, rounded up."""
    return _fenceposts(deployment)[0] if is_rolling(deployment) else 0


def max_unavailable(deployment: Body) -> int:
    """Pods that may lack, rounded down, at least one when the surge is none."""
    if not is_rolling(deployment) or not wanted(deployment):
        return 0
    return min(_fenceposts(deployment)[1], wanted(deployment))


def _fenceposts(deployment: Body) -> tuple[int, int]:
    rolling = dig(deployment, "spec.strategy.rollingUpdate") or {}
    total = wanted(deployment)
    surge = scaled(rolling.get("maxSurge", "25%"), total, up=True)
    unavailable = scaled(rolling.get("maxUnavailable", "25%"), total, up=False)
    # both zero after rounding: one pod may lack, or nothing would ever move
    return surge, unavailable if surge or unavailable else 1
