"""Traffic for tests: the object, and what its status says."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, dig
from tests.sim import Sim


def traffic(
    name: str = "load", rate: int = 200, *, target: Body | None = None, sender: Body | None = None, **spec: Any
) -> Body:
    """Requests to the Service `web`."""
    wanted = {"target": target or {"service": "web"}, "rate": rate, **({"from": sender} if sender else {}), **spec}
    return {"apiVersion": "podium.dev/v1", "kind": "Traffic", "metadata": {"name": name}, "spec": wanted}


def status(sim: Sim, name: str = "load") -> Body:
    found: Body = sim.get("traffic", name).get("status") or {}
    return found


def reasons(sim: Sim, name: str = "load") -> dict[str, int]:
    return {one["reason"]: one["count"] for one in status(sim, name)["reasons"]}


def failed(sim: Sim, name: str = "load") -> int:
    return int(status(sim, name)["failed"])


def flows(sim: Sim, name: str = "load") -> list[Body]:
    """Of the last second, between whoever sends and pods."""
    found = sim.find("sightings", name)
    return list(found["flows"]) if found else []


def by_pod(sim: Sim, name: str = "load") -> dict[str, int]:
    """Answers of the last second."""
    found: dict[str, int] = {}
    for flow in flows(sim, name):
        if flow["ok"]:
            found[flow["toName"]] = found.get(flow["toName"], 0) + flow["ok"]
    return found


def millis(text: str) -> float:
    """`1.3s`, `12ms`, `850µs`."""
    for unit, factor in (("µs", 0.001), ("ms", 1.0), ("s", 1000.0)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor
    raise ValueError(text)


def p99(sim: Sim, name: str = "load") -> float:
    """Milliseconds."""
    return millis(dig(sim.get("traffic", name), "status.latency.p99"))
