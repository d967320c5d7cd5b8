"""Deleting visitors' clusters that nobody has used for a day."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from clusters.engine.birth import delete_cluster
from clusters.models import Cluster
from playground.home import limits


def sweep(most: int = 20) -> int:
    """Delete at most so many of them, so that nobody has to wait long; how many it were. Twice does no harm."""
    before = timezone.now() - timedelta(hours=limits.UNUSED_HOURS)
    unused = Cluster.objects.exclude(owner="").filter(touched_at__lt=before, pinned=False).order_by("touched_at")
    found = list(unused[:most])
    for cluster in found:
        delete_cluster(cluster)
    return len(found)
