"""How often one address may ask: a bucket that leaks (ingress-nginx: limit-rps; nginx: limit_req)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from networking.ingress.decision import Asked
from networking.ingress.routes import Path, Routes, host_for, path_for

BURST = 5  # limit-burst-multiplier
REMEMBERED = 200  # addresses
FULL = "more requests a second than limit-rps allows this address"


def refused(asked: Asked, line: Path) -> str:
    rate = line.settings.number("limit-rps", 0)
    if not rate:
        return ""
    burst = rate * line.settings.number("limit-burst-multiplier", BURST)
    return FULL if level(asked, line, rate) > burst else ""


def level(asked: Asked, line: Path, rate: int) -> float:
    """How much stands in the bucket when this request has come."""
    known = buckets(asked).get(f"{line.ingress}/{asked.client}")
    if known is None:
        return 0
    at, stands = known
    left: float = stands - (asked.view.now - at) * rate / SECOND + 1
    return max(0.0, left)


def buckets(asked: Asked) -> Mapping[str, Any]:
    """What the process keeps in its memory."""
    run: Body = asked.running.box["containers"][asked.running.container]["run"]
    for process in run["processes"].values():
        if process.get("up") is not None and process.get("state"):
            found: Mapping[str, Any] = process["state"].get("buckets") or {}
            return found
    return {}


def after(asked: Asked) -> Mapping[str, Any] | None:
    """The buckets when this request has come; None where nothing is limited."""
    host = host_for(asked.view.derived(Routes).table(asked.running.claim, asked.view), asked.host)
    line = path_for(host, asked.path) or host.default
    rate = line.settings.number("limit-rps", 0) if line else 0
    if line is None or not rate:
        return None
    kept = dict(list(buckets(asked).items())[-REMEMBERED:])
    stands = level(asked, line, rate)
    if stands <= rate * line.settings.number("limit-burst-multiplier", BURST):
        kept[f"{line.ingress}/{asked.client}"] = [asked.view.now, stands]
    return kept
