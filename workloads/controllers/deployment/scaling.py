"""A Deployment resized, even in the middle of a rollout: each ReplicaSet gets its share (deployment: sync.go)."""

from __future__ import annotations

from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.number import whole_number
from workloads.controllers.deployment.limits import is_rolling, max_surge, wanted
from workloads.controllers.deployment.rollout import (
    DESIRED,
    MOST,
    Rollout,
    Writes,
    available,
    oldest_first,
    scale,
    size,
)


def is_resized(rollout: Rollout) -> bool:
    """An active ReplicaSet remembers another number than the Deployment wants."""
    return any(size(rs) and _number(rs, DESIRED) not in (None, wanted(rollout.deployment)) for rs in rollout.sets)


def resize(rollout: Rollout) -> Writes:
    """To one active set all; to a saturated new one all; else in proportion."""
    deployment = rollout.deployment
    only = _active_or_latest(rollout)
    if only is not None:
        yield from scale(rollout, only, wanted(deployment))
    elif _is_saturated(rollout):
        for rs in oldest_first(rollout.active_olds):
            yield from scale(rollout, rs, 0)
    elif is_rolling(deployment):
        yield from _in_proportion(rollout)


def _active_or_latest(rollout: Rollout) -> Body | None:
    active = [rs for rs in rollout.sets if size(rs)]
    if len(active) == 1:
        return active[0]
    if active or not rollout.sets:
        return None
    return rollout.new or oldest_first(rollout.olds)[-1]


def _is_saturated(rollout: Rollout) -> bool:
    new, total = rollout.new, wanted(rollout.deployment)
    return new is not None and size(new) == total == _number(new, DESIRED) == available(new)


def _in_proportion(rollout: Rollout) -> Writes:
    deployment = rollout.deployment
    active = [rs for rs in rollout.sets if size(rs)]
    allowed = wanted(deployment) + max_surge(deployment) if wanted(deployment) else 0
    change = allowed - sum(size(rs) for rs in active)
    # larger ones first; of two as large the newer one grows, the older one shrinks
    active = oldest_first(active)
    if change > 0:
        active.reverse()
    active.sort(key=size, reverse=True)
    sizes, added = [], 0
    for rs in active:
        share = _share(rs, rollout, change, added)
        sizes.append(size(rs) + share)
        added += share
    for index, rs in enumerate(active):
        # what rounding left over goes to the largest
        leftover = change - added if index == 0 else 0
        yield from scale(rollout, rs, max(sizes[index] + leftover, 0))


def _share(rs: Body, rollout: Rollout, change: int, added: int) -> int:
    if change in (0, added):
        return 0
    fraction = _fraction(rs, rollout)
    return min(fraction, change - added) if change > 0 else max(fraction, change - added)


def _fraction(rs: Body, rollout: Rollout) -> int:
    deployment = rollout.deployment
    if not wanted(deployment):
        return -size(rs)
    before = _number(rs, MOST) or int(dig(deployment, "status.replicas", 0))
    if not before:
        return 0
    exact = size(rs) * (wanted(deployment) + max_surge(deployment)) / before
    return int(exact + 0.5) - size(rs)


def _number(rs: Body, annotation: str) -> int | None:
    return whole_number(annotations_of(rs).get(annotation, ""))
