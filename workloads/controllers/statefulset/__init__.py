"""The StatefulSet controller: pods with names of their own, one after the other (Kubernetes: StatefulSets)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clusters.kinds.body import Body, Key, is_deleting, key_of
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain
from workloads.controllers.statefulset.ensemble import Ensemble, gather, is_member, revision_of
from workloads.controllers.statefulset.members import tend
from workloads.controllers.statefulset.scaling import dismiss
from workloads.controllers.statefulset.status import report
from workloads.controllers.statefulset.updating import update
from workloads.replicas.claim import Writes, claim, its_pods
from workloads.replicas.revisions import RESOURCE, forget, record

PLURAL, LABEL = "statefulsets", "controller.kubernetes.io/hash"


def when_a_claim_goes(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The set whose member's claim is gone: a new one can be made."""
    if new is not None or old is None:
        return ()
    key = key_of(old)
    return [key_of(sts) for sts in view.list(PLURAL, key.namespace) if _is_named_by(sts, key.name)]


def _is_named_by(sts: Body, claim_name: str) -> bool:
    templates = sts["spec"].get("volumeClaimTemplates") or ()
    return any(claim_name.startswith(f"{t['metadata']['name']}-{sts['metadata']['name']}-") for t in templates)


CONTROLLER = Controller(
    "statefulset-controller",
    primary=PLURAL,
    watches={
        "pods": its_pods("StatefulSet", PLURAL, is_member),
        "persistentvolumeclaims": when_a_claim_goes,
        RESOURCE: by_owner("StatefulSet"),
    },
)


def reconcile(key: Key, view: View) -> Writes:
    """Claim pods, number the template, bring each member nearer to what it should be, report."""
    sts = view.get(PLURAL, key)
    if sts is None:
        return
    yield from claim(sts, view, is_member)
    history = yield from record(sts, LABEL, view)
    if history is None:
        if not is_deleting(sts):
            yield LookAgain(view.now + SECOND)
        return
    ensemble = gather(sts, history, view)
    if not is_deleting(sts):
        yield from _advance(ensemble)
    yield from report(ensemble)
    yield from forget(list(_forgotten(ensemble)), sts)


def _advance(ensemble: Ensemble) -> Writes:
    """Members first, then those that are too many, then the update: in order, each waits for what is before it."""
    if (yield from tend(ensemble)):
        return
    if (yield from dismiss(ensemble)):
        return
    yield from update(ensemble)


def _forgotten(ensemble: Ensemble) -> Iterator[Body]:
    """Past revisions that no pod has and that are more than the limit, oldest first."""
    used = [revision_of(pod) for pod in ensemble.pods]
    current = ensemble.current["metadata"]["name"]
    idle = [one for one in ensemble.history.past if one["metadata"]["name"] not in (*used, current)]
    yield from idle[: max(len(idle) - ensemble.sts["spec"]["revisionHistoryLimit"], 0)]
