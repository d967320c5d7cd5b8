"""What a teacher does to a cluster's clock: another pace, a pause, a step; and sleep, which does the same by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models.functions import Now

from clusters.models import Cluster
from clusters.store.announce import announce_clock, wake
from clusters.store.clock import Clock, clock_of, cluster_now, wall_now

SLOWEST, FASTEST = 0.1, 60.0
ANCHOR = ["anchor_cluster", "anchor_wall", "speed", "paused", "asleep", "next_due", "step", "touched_at"]

__all__ = ["FASTEST", "SLOWEST", "Clock", "clock_of", "cluster_now", "set_clock", "step", "touch", "wall_now"]


def set_clock(cluster: Cluster, *, speed: float | None = None, paused: bool | None = None) -> Clock:
    """Change its pace. Raises ValueError for a speed outside 0.1 to 60."""
    if speed is not None and not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"speed must be from {SLOWEST:g} to {FASTEST:g}")
    with _anchored(cluster.pk) as row:
        row.speed = row.speed if speed is None else speed
        row.paused = row.paused if paused is None else paused
    return clock_of(row)


def step(cluster: Cluster, until: str) -> None:
    """While paused: go on to the next "change" or the next "timer". Raises ValueError when it is not paused."""
    if until not in ("change", "timer"):
        raise ValueError("a step goes to the next change or the next timer")
    if not Cluster.objects.filter(pk=cluster.pk, paused=True).update(step=until, next_due=wall_now()):
        raise ValueError("only a paused clock can be stepped")
    wake(cluster.pk)


def touch(cluster_id: int) -> None:
    """Somebody looks at it or asks it something: it stays awake, or wakes."""
    if Cluster.objects.filter(pk=cluster_id, asleep=False).update(touched_at=Now()):
        return
    with _anchored(cluster_id) as row:
        row.asleep = False


@contextmanager
def _anchored(cluster_id: int) -> Iterator[Cluster]:
    """The locked row with its anchor at this moment; what is changed in it takes effect from now on."""
    with transaction.atomic():
        row = Cluster.objects.select_for_update().get(pk=cluster_id)
        wall = wall_now()
        row.anchor_cluster, row.anchor_wall = clock_of(row).at(wall), wall
        yield row
        row.next_due, row.step, row.touched_at = (None if row.paused else wall), "", Now()
        row.save(update_fields=ANCHOR)
    announce_clock(cluster_id)
    wake(cluster_id)
