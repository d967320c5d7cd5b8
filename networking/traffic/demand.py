"""How many requests a Traffic wants to send at a moment: its rate, ramp and pattern."""

from __future__ import annotations

from math import cos, pi

from clusters.kinds.body import Body, is_deleting
from clusters.reconcile.clock import SECOND, Time
from networking.kinds.traffic import SPIKE, WAVE, span


def rate_at(spec: Body, age: Time) -> float:
    """Requests per second, so long after the beginning."""
    rate = float(spec["rate"]) * _shape(spec.get("pattern") or {}, age)
    ramp = span(spec.get("ramp"))
    return rate * min(1.0, age / ramp) if ramp else rate


def _shape(pattern: Body, age: Time) -> float:
    """1 at the bottom, `factor` at the top."""
    kind = pattern.get("type")
    if kind not in (WAVE, SPIKE):
        return 1.0
    factor, period = float(pattern["factor"]), span(pattern["period"])
    place = age % period
    if kind == WAVE:
        return 1.0 + (factor - 1.0) * (1.0 - cos(2.0 * pi * place / period)) / 2.0
    return factor if place >= period - span(pattern["length"]) else 1.0


def due(spec: Body, began: Time, since: Time, now: Time, carry: float) -> tuple[int, float]:
    """The whole requests of this span, and the part of one that is left for the next."""
    since, lasts = max(since, began), span(spec.get("duration"))
    now = min(now, began + lasts) if lasts else now
    wanted = rate_at(spec, (since + now) // 2 - began) * max(0, now - since) / SECOND + carry
    whole = int(wanted)
    return whole, wanted - whole


def is_over(spec: Body, began: Time, now: Time) -> bool:
    lasts = span(spec.get("duration"))
    return bool(lasts) and began + lasts <= now


def phase(traffic: Body, began: Time | None, now: Time) -> str:
    """What its spec and the time make of it; whether anybody can send is not known here."""
    if is_deleting(traffic) or (began is not None and is_over(traffic["spec"], began, now)):
        return "Finished"
    return "Paused" if traffic["spec"].get("paused") else "Running"
