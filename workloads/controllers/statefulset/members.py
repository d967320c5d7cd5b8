"""The members that shall be there: made in order, each when all before it work (StatefulSets: Pod Management)."""

from __future__ import annotations

from clusters.kinds.body import Body, is_deleting, labels_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.writes import Create, LookAgain, Update
from workloads.controllers.statefulset.claims import has_stale_claim, keep_claims, make_claims
from workloads.controllers.statefulset.ensemble import Ensemble, Then, Turn, Waiting, is_running_and_ready, ordinal
from workloads.controllers.statefulset.identity import NAME_LABEL, identity_labels, member, name_of
from workloads.controllers.statefulset.telling import delete, failed, refused, succeeded
from workloads.replicas.making import is_closing
from workloads.replicas.readiness import phase

FINISHED = ("Failed", "Succeeded")


def tend(ensemble: Ensemble) -> Waiting:
    """One look at each member, lowest ordinal first; True where something has to be waited for."""
    for number, pod in ensemble.replicas.items():
        then = yield from (_make(ensemble, number) if pod is None else _look_after(ensemble, pod))
        if then is Then.STOP or (then is Then.WAIT and ensemble.is_ordered):
            return True
    return False


def _make(ensemble: Ensemble, number: int) -> Turn:
    """Its claims, then the pod."""
    sts, name = ensemble.sts, name_of(ensemble.sts, number)
    if has_stale_claim(ensemble, number):
        return Then.WAIT
    wrong = yield from make_claims(ensemble, number)
    if wrong:
        return (yield from refused(ensemble, failed(sts, "create", name, wrong)))
    pod = yield Create("pods", member(ensemble, number), why=f"{name} was missing.")
    if isinstance(pod, Status):
        return (yield from _not_made(ensemble, name, pod))
    assert pod is not None
    yield from keep_claims(ensemble, pod)
    yield succeeded(sts, "create", name)
    return Then.WAIT


def _not_made(ensemble: Ensemble, name: str, status: Status) -> Turn:
    """Somebody else has the name: nothing is said of that, it is tried again."""
    if is_closing(status):
        return Then.STOP
    if status.reason == "AlreadyExists":
        yield LookAgain(ensemble.view.now + SECOND)
        return Then.STOP
    return (yield from refused(ensemble, failed(ensemble.sts, "create", name, status.message)))


def _look_after(ensemble: Ensemble, pod: Body) -> Turn:
    """Replace what has ended, wait for what does not work yet, keep its identity and claims in order."""
    if phase(pod) in FINISHED:
        if not is_deleting(pod):
            return (yield from delete(ensemble, pod, f"It has ended ({phase(pod)}); another takes its place."))
        return Then.WAIT
    if phase(pod) == "Pending" and not is_deleting(pod):
        wrong = yield from make_claims(ensemble, ordinal(pod))
        if wrong:
            yield LookAgain(ensemble.view.now + SECOND)
            return Then.STOP
    # two of one identity must never run: what is going is waited for until it is gone, however long that takes
    waits = is_deleting(pod) or not is_running_and_ready(pod) or not ensemble.is_available(pod)
    if waits and ensemble.is_ordered:
        return Then.WAIT
    yield from _keep_identity(ensemble, pod)
    yield from keep_claims(ensemble, pod)
    return Then.GO_ON


def _keep_identity(ensemble: Ensemble, pod: Body) -> Turn:
    """A pod that was adopted gets the labels which those have that were made here."""
    if labels_of(pod).get(NAME_LABEL) != pod["metadata"]["name"]:
        labels = {**labels_of(pod), **identity_labels(ensemble.sts, ordinal(pod))}
        yield Update("pods", put(pod, "metadata.labels", labels), because=ensemble.sts, why="It is a member now.")
        yield succeeded(ensemble.sts, "update", pod["metadata"]["name"])
    return Then.GO_ON
