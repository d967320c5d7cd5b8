"""How much of Podium one visitor, and all visitors together, may take. Each number may be set in Django's settings."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

UNUSED_HOURS = 24


def per_address() -> int:
    """Visitors' clusters of one address. A school may stand behind one address."""
    return int(settings.VISITOR_CLUSTERS_PER_ADDRESS)


def in_all() -> int:
    return int(getattr(settings, "VISITOR_CLUSTERS", 400))


def nodes() -> int:
    """Nodes of a visitor's new cluster, its control plane among them."""
    return int(getattr(settings, "VISITOR_NODES", 3))


def quota() -> Mapping[str, int]:
    """What one visitor's cluster may hold, and how fast it may be asked."""
    return dict(getattr(settings, "VISITOR_QUOTA", DEFAULT_QUOTA))


DEFAULT_QUOTA = {
    "objects": 3000,
    "pods": 300,
    "nodes": 20,
    "bytes": 1024 * 1024,
    "requests": 100,
}
