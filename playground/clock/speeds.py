"""The speeds that the page offers, and how it writes time and its lag."""

from __future__ import annotations

from clusters.reconcile.clock import SECOND
from clusters.reconcile.timings import PROFILES

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0)
NOTICED_LAG = 2 * SECOND


def shown(speed: float) -> str:
    """`0.1×`, `1×`, `60×`."""
    return f"{speed:g}×"


def speed_of(text: str) -> float | None:
    """A number that somebody chose or typed, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number else None


def lag(micros: int, speed: float, *, paused: bool) -> str:
    """`4 s behind`, or "" while nobody would notice."""
    if paused or micros < NOTICED_LAG * max(1.0, speed):
        return ""
    return f"{micros // SECOND} s behind"


def meaning(timings: str) -> str:
    """What the set of timings means for somebody who waits."""
    profile = PROFILES[timings]
    grace, toleration = profile.monitor_grace // SECOND, profile.toleration // SECOND
    told = f"A silent node is NotReady after {grace} s, and its pods go after {toleration} s more."
    if timings == "kubernetes":
        return f"Kubernetes’ own waiting times. {told}"
    return f"Shorter waiting times, for a lesson. {told} What a manifest states is never changed."
