"""The members that are too many: the highest ordinal first, each when the one above it is gone (processCondemned)."""

from __future__ import annotations

from clusters.kinds.body import Body, is_deleting
from workloads.controllers.statefulset.claims import keep_claims
from workloads.controllers.statefulset.ensemble import Ensemble, Then, Turn, Waiting, is_running_and_ready
from workloads.controllers.statefulset.telling import delete


def dismiss(ensemble: Ensemble) -> Waiting:
    """True where something has to be waited for."""
    for pod in ensemble.condemned:
        yield from keep_claims(ensemble, pod)
    first = _first_that_fails(ensemble)
    for pod in ensemble.condemned:
        then = yield from _dismiss_one(ensemble, pod, first)
        if then is Then.STOP or (then is Then.WAIT and ensemble.is_ordered):
            return True
    return False


def _dismiss_one(ensemble: Ensemble, pod: Body, first: Body | None) -> Turn:
    if is_deleting(pod):
        return Then.WAIT
    works = is_running_and_ready(pod) and ensemble.is_available(pod)
    if ensemble.is_ordered and not works and pod is not first:
        return Then.WAIT  # another one that does not work goes before it
    count = len(ensemble.replicas)
    return (yield from delete(ensemble, pod, f"{count} replica{' is' if count == 1 else 's are'} wanted."))


def _first_that_fails(ensemble: Ensemble) -> Body | None:
    """Of members, then of those too many by rising ordinal."""
    everybody = [*ensemble.replicas.values(), *reversed(ensemble.condemned)]
    return next((pod for pod in everybody if not ensemble.works(pod)), None)
