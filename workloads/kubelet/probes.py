"""Startup, liveness and readiness probes: what they count, and when they look (Kubernetes: Container probes)."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time

KINDS = ("startup", "liveness", "readiness")
# a probe without initial delay looks once the process has had a moment, as the kubelet's ticker does on average
FIRST_LOOK = SECOND


class ProbeRun(TypedDict):
    """What one probe remembers while its container runs."""

    origin: Time  # the first look; the others follow each period
    last: Time  # the last look that was counted; 0: none yet
    ok: bool | None  # the verdict that holds; None: not known yet
    same: bool | None  # the last answer
    count: int  # how many times in a row it was given, up to the threshold


class Answer(NamedTuple):
    """One look: whether the container did well, and what is said of it if not."""

    ok: bool
    message: str = ""
    errored: bool = False  # nobody could look: the kubelet says so and counts nothing


class Verdict(NamedTuple):
    """A probe's state has changed."""

    ok: bool


def begun(probe: Body, since: Time) -> ProbeRun:
    """A probe whose container started, or whose startup probe succeeded, at that time."""
    delay = (probe.get("initialDelaySeconds") or 0) * SECOND
    return {"origin": since + max(delay, FIRST_LOOK), "last": 0, "ok": None, "same": None, "count": 0}


def step(run: ProbeRun, probe: Body, answer: Answer, now: Time) -> tuple[ProbeRun, Verdict | None]:
    """Count an answer given at `now`. A verdict comes at the threshold, when it is not the one that holds."""
    if answer.errored:
        return {**run, "last": now}, None
    threshold = probe.get("successThreshold" if answer.ok else "failureThreshold") or (1 if answer.ok else 3)
    count = min(run["count"] + 1, threshold) if run["same"] == answer.ok else 1
    counted: ProbeRun = {**run, "last": now, "same": answer.ok, "count": count}
    if count < threshold or run["ok"] == answer.ok:
        return counted, None
    return {**counted, "ok": answer.ok}, Verdict(answer.ok)


def settled(run: ProbeRun) -> bool:
    """The same answer again would change nothing."""
    return run["same"] is not None and run["same"] == run["ok"]


def is_due(run: ProbeRun, probe: Body, now: Time) -> bool:
    """A look is due: at its tick exactly, or late when something is being counted (the worker was away)."""
    tick = _tick(run, probe, now)
    if tick is None or tick <= run["last"]:
        return False
    return tick == now or not settled(run)


def due(run: ProbeRun, probe: Body, now: Time) -> Time:
    """The next look after `now`."""
    tick = _tick(run, probe, now)
    return run["origin"] if tick is None else tick + period(probe)


def period(probe: Body) -> Time:
    return (probe.get("periodSeconds") or 10) * SECOND


def _tick(run: ProbeRun, probe: Body, now: Time) -> Time | None:
    """The last tick up to `now`; None before the first."""
    if now < run["origin"]:
        return None
    return run["origin"] + (now - run["origin"]) // period(probe) * period(probe)
