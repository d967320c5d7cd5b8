"""Which moment an address means: `?revision=N` or `?time=` in microseconds of cluster time, within the log."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from clusters.kinds.number import whole_number
from clusters.models import Cluster
from clusters.reconcile.clock import Time, rfc3339
from clusters.store.clock import cluster_now
from clusters.store.past import Bounds, bounds, revision_at, time_at

MOST = 1 << 62


@dataclass(frozen=True, slots=True)
class Moment:
    """A revision, and the cluster's time then."""

    revision: int
    at: Time

    @property
    def clock(self) -> str:
        """The time of day in the cluster."""
        return rfc3339(self.at)[11:19]


def asked(request: HttpRequest, cluster: Cluster) -> Moment:
    """Raises Http404 for what is no moment of the log; one that is too early or too late is its first or last."""
    limits = bounds(cluster.pk)
    revision, time = (whole_number(request.GET.get(name, "")) for name in ("revision", "time"))
    if revision is not None and 0 <= revision < MOST:
        return at_revision(cluster, limits, revision)
    if time is not None and 0 <= time < MOST:
        return at_time(cluster, limits, time)
    raise Http404("Ask for a revision or a time.")


def at_revision(cluster: Cluster, limits: Bounds, revision: int) -> Moment:
    found = min(max(revision, limits.floor), limits.revision)
    return Moment(found, time_at(cluster.pk, found) or limits.since or cluster_now(cluster))


def at_time(cluster: Cluster, limits: Bounds, time: Time) -> Moment:
    at = min(max(time, limits.since or time), cluster_now(cluster))
    return Moment(max(revision_at(cluster.pk, at), limits.floor), at)
