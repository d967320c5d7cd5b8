"""The DaemonSet controller: one pod on every node that is eligible (Kubernetes: DaemonSet)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain
from workloads.controllers.daemonset.manage import manage
from workloads.controllers.daemonset.placed import Placed
from workloads.controllers.daemonset.squad import HASH, Squad, gather
from workloads.controllers.daemonset.status import report
from workloads.controllers.daemonset.updating import update
from workloads.replicas.claim import Writes, claim, its_pods
from workloads.replicas.revisions import RESOURCE, forget, record

PLURAL = "daemonsets"


def when_a_node_changes(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """Every DaemonSet, when a node comes, goes, or is another sort of node than before."""
    if new and old and new["spec"] == old["spec"] and labels_of(new) == labels_of(old):
        return ()
    return [key_of(ds) for ds in view.list(PLURAL)]


CONTROLLER = Controller(
    "daemonset-controller",
    primary=PLURAL,
    watches={
        "pods": its_pods("DaemonSet", PLURAL),
        "nodes": when_a_node_changes,
        RESOURCE: by_owner("DaemonSet"),
    },
    cache=Placed,
)


def reconcile(key: Key, view: View) -> Writes:
    """Number the template, give every node its pod and no other, replace old ones, report."""
    ds = view.get(PLURAL, key)
    if ds is None:
        return
    yield from claim(ds, view)
    history = yield from record(ds, HASH, view)
    if history is None:
        if not is_deleting(ds):
            yield LookAgain(view.now + SECOND)
        return
    squad = gather(ds, history, view)
    if not is_deleting(ds):
        yield from _advance(squad)
    yield from report(squad)
    yield from forget(list(_forgotten(squad)), ds)


def _advance(squad: Squad) -> Writes:
    """Replacing looks at what placing has left: never do both at once."""
    if not (yield from manage(squad)):
        yield from update(squad)


def _forgotten(squad: Squad) -> Iterator[Body]:
    """Past revisions that no pod has and that are more than the limit, oldest first."""
    past = squad.history.past
    surplus = len(past) - squad.ds["spec"]["revisionHistoryLimit"]
    if surplus <= 0:
        return
    used = {labels_of(pod).get(HASH) for pods in squad.view.cache.of(squad.uid).values() for pod in pods.values()}
    idle = [one for one in past if labels_of(one).get(HASH) not in used]
    yield from idle[:surplus]
