"""The cluster of an address, and whether this visitor may act on it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from clusters.models import Cluster
from playground.home.rights import may_edit

LOOK_ONLY = "You may look at this cluster, not change it. Ask its owner for the edit link."


def cluster_of(slug: str) -> Cluster:
    """The cluster, or a 404 that says what may have happened."""
    cluster = Cluster.objects.filter(slug=slug).first()
    if cluster is None:
        raise Http404(f"There is no cluster “{slug}”. It may have been deleted: one that nobody uses for a day goes.")
    return cluster


def cluster_to_change(request: HttpRequest, slug: str) -> Cluster:
    """The cluster, for somebody who may act on it; otherwise a 403."""
    cluster = cluster_of(slug)
    if not may_edit(request.session, slug):
        raise PermissionDenied(LOOK_ONLY)
    return cluster
