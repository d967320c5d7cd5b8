"""Strategy RollingUpdate: grow the new ReplicaSet, shrink the old ones, within the limits (deployment: rolling.go)."""

from __future__ import annotations

from clusters.kinds.body import Body
from workloads.controllers.deployment.cleanup import clean_up
from workloads.controllers.deployment.limits import max_unavailable, wanted
from workloads.controllers.deployment.newest import first_size, make_newest
from workloads.controllers.deployment.rollout import Deciding, Rollout, Writes, available, oldest_first, scale, size


def roll(rollout: Rollout) -> Writes:
    """One step. Growing and shrinking are two steps, so that each sees what the other did."""
    yield from make_newest(rollout)
    if rollout.new is None:
        return
    if (yield from _grow(rollout, rollout.new)):
        return
    if (yield from _shrink(rollout, rollout.new)):
        return
    yield from clean_up(rollout)


def _grow(rollout: Rollout, new: Body) -> Deciding:
    total = wanted(rollout.deployment)
    if size(new) == total:
        return False
    return (yield from scale(rollout, new, total if size(new) > total else first_size(rollout)))


def _shrink(rollout: Rollout, new: Body) -> Deciding:
    if not rollout.active_olds:
        return False
    least = wanted(rollout.deployment) - max_unavailable(rollout.deployment)
    not_yet = size(new) - available(new)
    spare = sum(size(rs) for rs in rollout.sets) - least - not_yet
    if spare <= 0:
        return False
    cleaned = yield from _drop_unhealthy(rollout, spare)
    shrunk = yield from _drop_available(rollout, least)
    return cleaned or shrunk


def _drop_unhealthy(rollout: Rollout, spare: int) -> Deciding:
    """Old pods that do not work cost nothing to lose: they go first."""
    dropped = 0
    for rs in oldest_first(rollout.active_olds):
        count = min(spare - dropped, size(rs) - available(rs))
        if count > 0 and (yield from scale(rollout, rs, size(rs) - count)):
            dropped += count
    return dropped > 0


def _drop_available(rollout: Rollout, least: int) -> Deciding:
    spare = sum(available(rs) for rs in rollout.sets) - least
    dropped = 0
    for rs in oldest_first(rollout.active_olds):
        count = min(spare - dropped, size(rs))
        if count > 0 and (yield from scale(rollout, rs, size(rs) - count)):
            dropped += count
    return dropped > 0
