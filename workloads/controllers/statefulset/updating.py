"""From one template to the next: the highest ordinal first, down to the partition (StatefulSets: Rolling Updates)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, dig, is_deleting
from workloads.controllers.statefulset.ensemble import Ensemble, first_ordinal, revision_of
from workloads.controllers.statefulset.telling import delete
from workloads.kinds.amount import scaled
from workloads.replicas.claim import Writes

STRATEGY = "spec.updateStrategy"


def update(ensemble: Ensemble) -> Writes:
    """Delete members of an old template, as many as may lack. With OnDelete that is left to others."""
    if dig(ensemble.sts, f"{STRATEGY}.type") != "RollingUpdate":
        return
    most = dig(ensemble.sts, f"{STRATEGY}.rollingUpdate.maxUnavailable")
    chosen = _one(ensemble) if most is None else _several(ensemble, _at_least_one(ensemble, most))
    for pod in list(chosen):
        yield from delete(ensemble, pod, "The template is another now.")


def _one(ensemble: Ensemble) -> Iterator[Body]:
    """The highest, unless one above it is not back yet."""
    for pod in _targets(ensemble):
        if _is_old(ensemble, pod):
            yield pod
            return
        if not ensemble.works(pod):
            return


def _several(ensemble: Ensemble, most: int) -> Iterator[Body]:
    """As many as may lack at once; one that does not work costs nothing to lose."""
    lacking = sum(not ensemble.works(pod) for pod in ensemble.replicas.values())
    for pod in _targets(ensemble):
        if _is_old(ensemble, pod):
            if ensemble.works(pod):
                lacking += 1
                if lacking > most:
                    return
            yield pod


def _targets(ensemble: Ensemble) -> Iterator[Body]:
    """From the highest ordinal to the partition."""
    least = first_ordinal(ensemble.sts) + int(dig(ensemble.sts, f"{STRATEGY}.rollingUpdate.partition", 0))
    for number in sorted(ensemble.replicas, reverse=True):
        pod = ensemble.replicas[number]
        if pod is not None and number >= least:
            yield pod


def _is_old(ensemble: Ensemble, pod: Body) -> bool:
    return revision_of(pod) != ensemble.newest and not is_deleting(pod)


def _at_least_one(ensemble: Ensemble, most: int | str) -> int:
    return max(scaled(most, len(ensemble.replicas), up=False), 1)
