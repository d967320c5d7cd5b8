"""The Podium that a management command talks to, and its clusters by name."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError

from clusters.models import Cluster
from playground.supervise import home
from playground.supervise.home import Running


def running() -> Running:
    """Raises CommandError when none runs on PODIUM_HOME."""
    folder = settings.PODIUM.home
    found = home.running(folder)
    if found is None:
        raise CommandError(f"No Podium runs on {folder}. Start it with: make play")
    return found


def named(name: str) -> Cluster:
    """By name or by slug. Raises CommandError when there is none, or more than one."""
    found = list(Cluster.objects.filter(name=name)[:2]) or list(Cluster.objects.filter(slug=name))
    if not found:
        raise CommandError(f"There is no cluster “{name}”. These are: {', '.join(names()) or 'none'}.")
    if len(found) > 1:
        raise CommandError(f"More than one cluster is called “{name}”. Use the last part of its address instead.")
    return found[0]


def names() -> list[str]:
    return list(Cluster.objects.order_by("created_at").values_list("name", flat=True)[:20])
