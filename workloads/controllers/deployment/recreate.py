"""Strategy Recreate: all old pods go before the first new one comes (deployment: recreate.go)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from clusters.kinds.body import Body, Key, controller_of, dig, key_of, uid_of
from clusters.reconcile.view import View
from workloads.controllers.deployment.cleanup import clean_up
from workloads.controllers.deployment.limits import is_rolling, wanted
from workloads.controllers.deployment.newest import make_newest
from workloads.controllers.deployment.rollout import Rollout, Writes, actual, scale


class Lingering:
    """Unfinished pods by the uid of their controller, terminating ones among them."""

    resources: tuple[str, ...] = ("pods",)

    def __init__(self) -> None:
        self.by_owner: Counter[str] = Counter()

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        for pod, step in ((old, -1), (new, 1)):
            owner = controller_of(pod) if pod and not _is_finished(pod) else None
            if owner:
                self.by_owner[owner["uid"]] += step
                if not self.by_owner[owner["uid"]]:
                    del self.by_owner[owner["uid"]]


def waits_for(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The Recreate Deployment whose old ReplicaSet just lost its last pod."""
    owner = controller_of(old) if old else None
    if old is None or owner is None or owner["kind"] != "ReplicaSet" or view.cache.by_owner[owner["uid"]]:
        return ()
    rs = view.get("replicasets", Key(key_of(old).namespace, owner["name"]))
    above = controller_of(rs) if rs else None
    if above is None or above["kind"] != "Deployment":
        return ()
    key = Key(key_of(old).namespace, above["name"])
    deployment = view.get("deployments", key)
    return (key,) if deployment and not is_rolling(deployment) else ()


def recreate(rollout: Rollout) -> Writes:
    """One step: old ones to zero, wait for their pods, then the new one at full size."""
    scaled = False
    for rs in rollout.active_olds:
        scaled = (yield from scale(rollout, rs, 0)) or scaled
    if scaled or _old_pods_live(rollout):
        return
    yield from make_newest(rollout)
    if rollout.new is not None:
        yield from scale(rollout, rollout.new, wanted(rollout.deployment))
        yield from clean_up(rollout)


def _old_pods_live(rollout: Rollout) -> bool:
    lingering = rollout.view.cache.by_owner
    return any(actual(rs) or lingering[uid_of(rs)] for rs in rollout.olds)


def _is_finished(pod: Body) -> bool:
    return dig(pod, "status.phase") in ("Succeeded", "Failed")
