"""A cluster's clock: an anchor in its row that moves only while the engine drives it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from clusters.models import Cluster
from clusters.reconcile.clock import SECOND, Time

# a clock that nobody drove for so long after something was due has stood still (Podium was stopped, a worker is gone)
STALL = 5 * SECOND


def wall_now() -> int:
    """The host's time in microseconds: the shell's alone, the core never sees it."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """At `wall` (microseconds) it was `cluster` time; since then it goes `speed` times as fast, or stands still."""

    wall: int
    cluster: Time
    speed: float
    paused: bool
    lag: int = 0  # by how much the engine is behind, in cluster time

    def at(self, wall: int) -> Time:
        """Cluster time at a moment of the host's."""
        return self.cluster if self.paused else self.cluster + round((wall - self.wall) * self.speed)

    def wall_of(self, moment: Time) -> int:
        """When the host will see that cluster time (the past for what is over)."""
        return self.wall + round((moment - self.cluster) / self.speed)


def clock_of(cluster: Cluster) -> Clock:
    """The clock in the row, held back where nobody drives it."""
    stands = cluster.paused or cluster.asleep
    missed = missed_by(cluster, wall_now())
    return Clock(cluster.anchor_wall + missed, cluster.anchor_cluster, cluster.speed, stands, cluster.lag)


def missed_by(cluster: Cluster, wall: int) -> int:
    """For how long (wall time) something was due while nobody had the cluster; 0 within the usual."""
    if cluster.next_due is None or cluster.paused or cluster.asleep:
        return 0
    late = wall - max(cluster.next_due, cluster.driven_at)
    return late if late > STALL else 0


def cluster_now(cluster: Cluster) -> Time:
    """The cluster's time at this moment."""
    return clock_of(cluster).at(wall_now())
