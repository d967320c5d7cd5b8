"""How fast a target may change its size (KEP-853: configurable scale velocity)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time
from workloads.kinds.horizontalpodautoscaler import DOWN_POLICIES, LONGEST_PERIOD, UP_POLICIES

Told = tuple[str, str]  # a condition's reason and message
Recent = Sequence[tuple[Time, int]]
MATCHES: Told = ("ReadyForNewScale", "recommended size matches current size")
LOWER: Told = (
    "ScaleUpStabilized",
    "recent recommendations were lower than current one, applying the lowest recent recommendation",
)
HIGHER: Told = (
    "ScaleDownStabilized",
    "recent recommendations were higher than current one, applying the highest recent recommendation",
)
WITHIN: Told = ("DesiredWithinRange", "the desired count is within the acceptable range")
TOO_MANY: Told = ("TooManyReplicas", "the desired replica count is more than the maximum replica count")
TOO_FEW: Told = ("TooFewReplicas", "the desired replica count is less than the minimum replica count")
TOO_FAST_UP: Told = ("ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate")
TOO_FAST_DOWN: Told = ("ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate")


def rules(hpa: Body, direction: str) -> Body:
    """`scaleUp` or `scaleDown` as stated, or Kubernetes' own."""
    stated: Body | None = (hpa["spec"].get("behavior") or {}).get(direction)
    if stated:
        return stated
    if direction == "scaleUp":
        return {"stabilizationWindowSeconds": 0, "selectPolicy": "Max", "policies": UP_POLICIES}
    return {"selectPolicy": "Max", "policies": DOWN_POLICIES}


def window(hpa: Body, direction: str, default: int) -> int:
    """The stabilization window in microseconds; `default` is the controller's own."""
    stated = rules(hpa, direction).get("stabilizationWindowSeconds")
    return default if stated is None else int(stated) * SECOND


def stabilized(current: int, desired: int, recent: Recent, now: Time, up: int, down: int) -> int:
    """Grow no further than the lowest, shrink no further than the highest recommendation within the windows.

    `recent` tells since when each size was recommended; it holds until the next one.
    """
    lowest = highest = desired
    for number, (_, replicas) in enumerate(recent):
        until = recent[number + 1][0] if number + 1 < len(recent) else now
        if until > now - up:
            lowest = min(lowest, replicas)
        if until > now - down:
            highest = max(highest, replicas)
    return max(lowest, min(current, highest))


def limited(hpa: Body, current: int, desired: int, scaled: Recent, now: Time) -> tuple[int, bool, Told]:
    """(replicas, whether it was limited, why) by the policies and by minReplicas and maxReplicas."""
    least, most = hpa["spec"]["minReplicas"], hpa["spec"]["maxReplicas"]
    if desired > current:
        allowed = max(current, _allowed(rules(hpa, "scaleUp"), current, scaled, now, 1))
        if desired > min(most, allowed):
            return (allowed, True, TOO_FAST_UP) if most > allowed else (most, True, TOO_MANY)
    elif desired < current:
        allowed = min(current, _allowed(rules(hpa, "scaleDown"), current, scaled, now, -1))
        if desired < max(least, allowed):
            return (allowed, True, TOO_FAST_DOWN) if least < allowed else (least, True, TOO_FEW)
    return desired, False, WITHIN


def _allowed(rule: Body, current: int, scaled: Recent, now: Time, sign: int) -> int:
    if rule["selectPolicy"] == "Disabled":
        return current
    proposals = [_proposed(policy, current, scaled, now, sign) for policy in rule["policies"]]
    farthest = (max if sign > 0 else min)(proposals)
    nearest = (min if sign > 0 else max)(proposals)
    return nearest if rule["selectPolicy"] == "Min" else farthest


def _proposed(policy: Body, current: int, scaled: Recent, now: Time, sign: int) -> int:
    """What the policy allows, counted from the size at the beginning of its period."""
    begin = now - policy["periodSeconds"] * SECOND
    before = current - sum(change for at, change in scaled if at > begin)
    if policy["type"] == "Pods":
        return before + sign * int(policy["value"])
    share = before * (100 + sign * int(policy["value"]))
    return ceil(share / 100) if sign > 0 else share // 100


def kept_changes(scaled: Recent, now: Time) -> list[tuple[Time, int]]:
    """Those changes of size that a policy may still ask for."""
    return [one for one in scaled if one[0] > now - LONGEST_PERIOD * SECOND]


def kept_sizes(recent: Recent, now: Time, longest: int) -> list[tuple[Time, int]]:
    """Those recommendations that still hold, or held within the longest window."""
    ends = [recent[number + 1][0] if number + 1 < len(recent) else now for number in range(len(recent))]
    return [one for one, end in zip(recent, ends, strict=True) if end > now - longest or one is recent[-1]]
