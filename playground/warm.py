"""What the first visitor would otherwise wait for, done right after the start; it asks no server anything."""

from __future__ import annotations

from django.template.loader import get_template

from clusters.engine import assembly
from clusters.reconcile.timings import PROFILES

TEMPLATES = (
    "home/home.html",
    "topology/page.html",
    "inspector/_object.html",
    "inspector/_summary.html",
    "inspector/_why.html",
    "reasons/_answers.html",
    "reasons/_scheduling.html",
    "timeline/_feed.html",
)


def warm() -> None:
    """Templates are compiled, and the rules of the scheduler read, once a process."""
    for name in TEMPLATES:
        get_template(name)
    assembly.world(next(iter(PROFILES)), "", {})
